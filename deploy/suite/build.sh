#!/usr/bin/env bash
# Puts what one installs into deploy/suite/target: the manifests that the services' builds generated, and the suite's database,
# rendered from platform-manager's blueprint. Build the services before: ./mvnw -Dfast -DskipTests package
set -euo pipefail
HERE=$(dirname "$(readlink -f "$0")")
ROOT=$(readlink -f "$HERE/../..")
TARGET=$HERE/target
SERVICES=(platform-manager job-launcher telemetry-gateway)

fail() { echo "build.sh: $*" >&2; exit 1; }

for service in "${SERVICES[@]}"; do
  [ -e "$ROOT/$service/target/kubernetes/kubernetes.yml" ] || fail "$service is not built: type ./mvnw -Dfast -DskipTests package"
done
# shellcheck source=/dev/null
set -f && . "$ROOT/.mvn/jdk.sh" && set +f

rm -rf "$TARGET.new"
mkdir -p "$TARGET.new"
cp "$HERE/namespace.yaml" "$HERE/network.yaml" "$HERE/database.yaml" "$TARGET.new/"
"$JAVA_HOME/bin/java" -XX:TieredStopAtLevel=1 -cp "$ROOT/platform-manager/target/classes:$ROOT/platform-manager/target/quarkus-app/lib/main/*" \
  dev.floe.platform.render.RenderCommand "$HERE/platform.yaml" --namespace floe > "$TARGET.new/postgresql.yaml"
for service in "${SERVICES[@]}"; do
  cp "$ROOT/$service/target/kubernetes/kubernetes.yml" "$TARGET.new/$service.yaml"
done
cat > "$TARGET.new/kustomization.yaml" <<'YAML'
# Everything but the Secrets: install.sh makes those, once.
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: [namespace.yaml, network.yaml, postgresql.yaml, database.yaml, platform-manager.yaml, job-launcher.yaml, telemetry-gateway.yaml]
YAML
rm -rf "$TARGET"
mv "$TARGET.new" "$TARGET"
echo "$TARGET"
