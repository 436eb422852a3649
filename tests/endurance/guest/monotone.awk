# SPDX-License-Identifier: MIT OR Apache-2.0
# Finds counters that go back. `@ INDEX` begins a sample of the interface with that index, `= SOURCE` one source's counters, which are `NAME: COUNT` lines.
$1 == "@" {
  if ($2 != index_now) { delete last; index_now = $2; interfaces++ }
  samples++
  next
}
$1 == "=" { source = substr($0, 3); next }
{
  place = match($0, /:[ ]*[0-9]+$/)
  if (!place) next
  name = substr($0, 1, place - 1)
  sub(/^.*\/net\/[^\/]*\//, "", name)
  sub(/^ */, "", name)
  count = substr($0, place + 1) + 0
  key = source ": " name
  if (key in last && count < last[key] && backward++ < 20) print key " of interface " index_now " went from " last[key] " to " count
  last[key] = count
  counters[key] = 1
}
END {
  total = 0
  for (key in counters) total++
  print "samples " samples + 0 ", interfaces " interfaces + 0 ", counters " total ", backward " backward + 0
}
