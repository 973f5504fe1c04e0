# SPDX-License-Identifier: GPL-2.0-only
# Plots of the benchmark. In: tx.dat, rx.dat and ports.dat of report.py -p, in
# the folder `dir`. Out: cost.svg and ports.svg in `out`.

set encoding utf8
set style data histogram
set style histogram clustered gap 1
set style fill solid border -1
set grid ytics
set ylabel "ns over the bare device"
set yrange [0:*]
set xtics rotate by 35 right noenhanced
set key outside top center horizontal

set terminal svg size 1000,860 dynamic background rgb "white" font "sans,12"
set output out."/cost.svg"
set multiplot layout 2,1
set title "Transmit: cost of a bond with two ports (less is better)"
plot dir."/tx.dat" using 2:xtic(1) title "bonding" lc rgb "#c0c0c0", \
	"" using 3 title "mlagbond" lc rgb "#2060a0"
set title "Receive: same"
plot dir."/rx.dat" using 2:xtic(1) title "bonding" lc rgb "#c0c0c0", \
	"" using 3 title "mlagbond" lc rgb "#2060a0"
unset multiplot

set terminal svg size 1000,520 dynamic background rgb "white" font "sans,12"
set output out."/ports.svg"
set title "A frame with 2, 8 and 64 ports: whole cost, port included"
set ylabel "ns"
set logscale x 2
set xrange [1.8:72]
set xtics (2, 8, 64) norotate
set xlabel "ports"
set key outside right center vertical
stats dir."/ports.dat" using 1 nooutput
plot for [i=0:STATS_blocks-1] dir."/ports.dat" index i using 1:3 \
	with linespoints lw 2 lc i+1 pt 7 title columnheader(1), \
	for [i=0:STATS_blocks-1] dir."/ports.dat" index i using 1:2 \
	with linespoints lw 1 dt 2 lc i+1 pt 6 notitle, \
	keyentry with lines dt 2 lc rgb "black" title "dashed: bonding"
