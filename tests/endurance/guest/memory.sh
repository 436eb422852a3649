# SPDX-License-Identifier: MIT OR Apache-2.0
# Prints the memory that is available and the slab memory that cannot be reclaimed, in KiB: the best of five readings, because what is freed late comes late.
# Free pages that a CPU keeps for itself count as used, and with traffic it keeps megabytes: let it keep few, from the first reading on.
echo 100000 > /proc/sys/vm/percpu_pagelist_high_fraction
best_available=0
best_slab=999999999
for reading in 1 2 3 4 5; do
  echo 3 > /proc/sys/vm/drop_caches
  while read -r name value _; do
    case $name in
      MemAvailable:) [ "$value" -gt $best_available ] && best_available=$value ;;
      SUnreclaim:) [ "$value" -lt $best_slab ] && best_slab=$value ;;
    esac
  done < /proc/meminfo
  usleep 200000
done
echo "$best_available $best_slab"
