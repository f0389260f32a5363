# define NAME -> URL, CMD, HDR (array). Sourced by compare.sh.
BENCH=$(dirname "$(realpath "${BASH_SOURCE[0]}")"); ROOT=$(realpath "$BENCH/../.."); SOMMELIER=${SOMMELIER:-$ROOT/artifacts/native/sommelier}
ours() { URL=http://127.0.0.1:$2/v1/chat/completions; HDR=(--header 'authorization: Bearer any')
  CMD="env MOCK_KEY=sk-mock $SOMMELIER serve --config $BENCH/conf/$1.yaml --urls http://127.0.0.1:$2 --data /tmp/bench-sommelier-$1"; }
# The same with a key of its own, with budgets and limits that are counted and never reached.
limited() { ours "$1" "$2"; local data=/tmp/bench-sommelier-limited; CMD=${CMD/--data */--data $data}
  HDR=(--header "authorization: Bearer $(MOCK_KEY=sk-mock "$SOMMELIER" key create bench --budget day=1000000 --rpm 2000000000 --tpm 1000000000000 --config "$BENCH/conf/$1.yaml" --data $data 2>/dev/null)"); }
define() { HDR=(); CMD=; local p=/v1/chat/completions; case $1 in
  direct)      URL=http://127.0.0.1:9101$p;;
  nginx)       URL=http://127.0.0.1:9201$p; CMD="nginx -p /tmp/ -c $BENCH/conf/nginx.conf";;
  haproxy)     URL=http://127.0.0.1:9203$p; CMD="haproxy -f $BENCH/conf/haproxy.cfg";;
  portkey)     URL=http://127.0.0.1:9210$p; HDR=(--header 'x-portkey-provider: openai' --header 'x-portkey-custom-host: http://127.0.0.1:9101/v1' --header 'authorization: Bearer sk-mock')
               CMD="$ROOT/bench/conformance/portkey 9210";;
  named)       ours named 9301;;
  auto)        ours auto 9302;;
  limited)     limited named 9303;;
  translated)  ours translated 9304;;
  *) return 1;; esac; }
