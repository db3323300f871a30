#!/usr/bin/env bash
# Packs the package, installs it into an empty project, and uses it there as its users do: the command, the examples of
# docs/api.md, and their types. Run from the root: test/package.sh
set -euo pipefail
root=$PWD
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

npm pack --silent --pack-destination "$folder" >/dev/null
tarball=$(ls "$folder"/bnnsim-*.tgz)
mkdir "$folder/app"
cd "$folder/app"
npm init --yes >/dev/null
began=$SECONDS
npm install --silent --no-audit --no-fund "$tarball"
echo "package: $(wc -c <"$tarball") bytes; installed in $((SECONDS - began)) s, $(du -sm node_modules | cut -f1) MB with what it needs"

npx --no-install bnnsim run demo >demo.txt
grep -q 'all equal to the golden evaluation' demo.txt
cp "$root"/docs/examples/*.mjs .
for example in *.mjs; do
  node "$example" >"$example.txt"
  test -s "$example.txt"
  echo "$example: runs"
done
node "$root/node_modules/typescript/bin/tsc" --noEmit --allowJs --checkJs --strict --noUncheckedIndexedAccess false \
  --skipLibCheck false --module nodenext --target es2023 --typeRoots "$root/node_modules/@types" --types node ./*.mjs
echo 'types: the examples are right'
