#!/usr/bin/env bash
# compare.sh [--rounds 5] [--secs 2] [--phase sat|rate|sse|big|pace] [--warm SECS] [--out FILE] [--gate NAME=RATIO] NAME...
#   --gate  exit 1 if NAME's rate relative to the first name falls below RATIO or it had errors
# All named gateways run at once, pinned to the same core and idle but for the one being measured; the rounds are
# interleaved, so that drift of the machine hits all alike. Prints medians, and the median of the same-round ratios
# to the first name.
cd "$(dirname "$(realpath "$0")")"; . ./defs.sh
R=5; S=2; PH=sat; W=4; OUT=compare.jsonl; GATE=; GW_CPU=${GW_CPU:-1}; LG_CPU=${LG_CPU:-0}
while [[ $1 == --* ]]; do case $1 in --rounds) R=$2;; --secs) S=$2;; --phase) PH=$2;; --warm) W=$2;; --out) OUT=$2;; --gate) GATE=$2;; *) echo "unknown $1"; exit 2;; esac; shift 2; done
case ${SCHED:=rr} in rr) PRE=(chrt -r 10);; nice) PRE=(nice -n -19);; none) PRE=();; esac
PIDS=(); SP=(); declare -A U H P
tree() { local p=$1 c; echo "$p"; for c in $(cat /proc/$p/task/*/children 2>/dev/null); do tree "$c"; done; }
trap 'kill "${SP[@]}" $(for p in "${PIDS[@]}"; do tree $p; done) 2>/dev/null; wait 2>/dev/null' EXIT
x() { exec "${PRE[@]}" "$@"; }
x taskset -c "$LG_CPU" ./mock --port 9101 & PIDS+=($!); sleep 0.2
spinner() { exec setsid sh -c 'echo 19 >/proc/self/autogroup 2>/dev/null; exec ./spin "$@"' spin "$1" 600; }
if [ "${SPIN:-1}" = 1 ]; then spinner "$LG_CPU" & SP+=($!); spinner "$GW_CPU" & SP+=($!); fi
case $PH in sat) A=(--body bodies/chat.json --conns 64);; rate) A=(--body bodies/chat.json --conns 20 --rate "${RATE:-500}");; big) A=(--body bodies/big.json --conns 20);; sse) A=(--body bodies/stream.json --conns 20);; pace) A=(--body bodies/stream.json --conns 64 --rate 50); curl -s '127.0.0.1:9101/_mock/set?interval=10' >/dev/null;; esac
for g in "$@"; do define "$g" || { echo "no $g"; exit 2; }; U[$g]=$URL; H[$g]=$(printf '%s\n' "${HDR[@]}" | grep -v '^--header$')
  if [ -n "$CMD" ]; then x taskset -c "$GW_CPU" bash -c "exec $CMD" >"/tmp/bench-${g//[:\/]/_}.log" 2>&1 & P[$g]=$!; PIDS+=($!); T0=$(python3 -c 'import time;print(time.monotonic_ns())'); else P[$g]=; fi; done
lg() { local g=$1 l a=(); shift; while IFS= read -r l; do case $l in "") ;; --*) a+=("$l");; *) a+=(--header "$l");; esac; done <<<"${H[$g]}"; [ -n "${P[$g]}" ] && a+=(--pids "$(tree "${P[$g]}" | tr '\n' ' ')"); "${PRE[@]}" taskset -c "$LG_CPU" ./lg --url "${U[$g]}" --label "$g" "${a[@]}" "${A[@]}" "$@"; }
sleep 1; for g in "$@"; do lg "$g" --wait "$(python3 -c 'import time;print(time.monotonic_ns())')" >/dev/null || exit 1; case $PH in sat|big|sse) ww=2; lg "$g" --duration "$ww" --warmup 0 --rate "${WARM_RATE:-0}" >/dev/null;; *) lg "$g" --duration 2 --warmup 0 >/dev/null;; esac; done
T=$(mktemp); for r in $(seq "$R"); do for g in "$@"; do lg "$g" --duration "$S" --warmup 0.3 | jq -c --argjson r "$r" --arg ph "$PH" '.round=$r|.kind=$ph' >>"$T"; done; done
cat "$T" >>"$OUT"
jq -rs --arg f "$1" --arg gate "$GATE" 'def med: map(select(.!=null))|sort|if length==0 then null else .[(length-1)/2|floor] end; def r2: .*100|round/100;
 (map(select(.["label"]==$f))|map({key:(.round|tostring),value:.rps})|from_entries) as $b
 | group_by(.["label"])|map({n:.[0]["label"],rps:(map(.rps)|med),best:(map(.rps)|max),ratio:(map(select($b[.round|tostring]>0)|.rps/$b[.round|tostring])|med),us:(map(.us_per_req)|med),uc:(map(.us_per_chunk)|med),cps:(map(.chunks_per_s)|med),p50:(map(.lat.p50)|med),p99:(map(.lat.p99)|med),ttfc50:(map(.ttfc.p50)|med),ttfc99:(map(.ttfc.p99)|med),o50:(map(.out.p50)|med),o99:(map(.out.p99)|med),err:(map(.err)|add),lgcpu:(map(.lgcpu)|med)})
 | sort_by(-.rps)[] | "\(.n)\trps=\(.rps) (best \(.best))\tx\(.ratio|r2)\tus/req=\(.us)\(if .uc then " us/chunk=\(.uc) chunks/s=\(.cps)" else "" end)\tp50=\(.p50) p99=\(.p99)\(if .ttfc50 then " ttfc50=\(.ttfc50) ttfc99=\(.ttfc99)" else "" end) out50=\(.o50) out99=\(.o99)\terr=\(.err) lg=\(.lgcpu)",
   (($gate|split("=")) as $g | if $gate!="" and .n==$g[0] then (if .ratio < ($g[1]|tonumber) or .err>0 then "GATE FAILED: \(.n) x\(.ratio|r2), \(.err) errors, wanted at least x\($g[1])" else "gate passed: \(.n) x\(.ratio|r2) >= \($g[1])" end) else empty end)' "$T" | tee "$T.out"
rc=0; grep -q '^GATE FAILED' "$T.out" && rc=1; rm -f "$T" "$T.out"; exit $rc
