#!/bin/sh
# nginx reads neither the environment nor resolv.conf: what it has to know of them is written down before it starts.
#
# APP_VERSION   shown at /version, in X-App-Version and on the welcome page   (default: dev)
# LISTEN_PORTS  ports to listen on, separated by spaces                      (default: 8080)
set -eu

fail() {
    echo "start.sh: $*" >&2
    exit 64
}

version=${APP_VERSION:-dev}
case $version in
*[!A-Za-z0-9._+-]*) fail "APP_VERSION: \"$version\" may hold letters, digits and . _ + - only" ;;
esac

mkdir -p /tmp/nginx

for port in ${LISTEN_PORTS:-8080}; do
    case $port in
    *[!0-9]*) fail "LISTEN_PORTS: \"$port\" is not a port" ;;
    esac
    echo "listen $port;"
    if [ -e /proc/net/if_inet6 ]; then echo "listen [::]:$port;"; fi
done >/tmp/nginx/listen.conf

resolvers=
cluster_domain=cluster.local
while read -r keyword rest || [ -n "$keyword" ]; do
    case $keyword in
    nameserver)
        case $rest in
        *:*) resolvers="$resolvers [$rest]" ;;
        *) resolvers="$resolvers $rest" ;;
        esac
        ;;
    search)
        # In a pod: namespace.svc.DOMAIN svc.DOMAIN DOMAIN …
        for domain in $rest; do
            case $domain in
            svc.*) cluster_domain=${domain#svc.} ;;
            esac
        done
        ;;
    esac
done </etc/resolv.conf

{
    echo "map '' \$app_version { default '$version'; }"
    echo "map '' \$cluster_domain { default '$cluster_domain'; }"
    if [ -n "$resolvers" ]; then echo "resolver$resolvers valid=5s; resolver_timeout 1s;"; fi
} >/tmp/nginx/http.conf

# The log is named on the command line because nginx writes to its built-in one until it has read the configuration.
exec nginx -e stderr -g 'daemon off;'
