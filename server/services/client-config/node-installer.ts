// A shell script that puts the files of a node in place. It looks before it changes anything, keeps what it replaces, and
// says what it did; running it again changes nothing.
import { shellText } from '../shell-text.ts';
import { type ConfigFile, REGISTRIES_D } from './file.ts';

const END = 'LOOKASIDE_END_OF_FILE';
/** What mktemp replaces. */
const RANDOM_PART = 'X'.repeat(6);

export function installerOf(files: readonly ConfigFile[], places: readonly string[]): ConfigFile {
  const directories = [...new Set(files.map(({ path }) => path.slice(0, path.lastIndexOf('/'))))];
  const content = [
    head(files),
    ...places.map((place) => `refuse_double ${shellText(placePattern(place))} ${shellText(place)}`),
    ...directories.map((directory) => `mkdir -p -- "$root"${shellText(directory)}`),
    ...files.map(({ path, mode, content }) =>
      [`install_file ${shellText(path)} ${mode.toString(8)} <<'${END}'`, content.replace(/\n$/, ''), END].join('\n'),
    ),
    '',
  ].join('\n');
  return { path: 'install-lookaside.sh', content, mode: files.reduce((mode, file) => mode & file.mode, 0o644) | 0o100 };
}

const head = (files: readonly ConfigFile[]) => `#!/bin/sh
# Makes this node read image signatures from a Lookaside store, and demand them. It writes
${files.map(({ path }) => `#   ${path}`).join('\n')}
# What is there and differs is kept beside as FILE.before-lookaside-TIME. Run it as root; with
# LOOKASIDE_ROOT=/some/directory it writes below that directory, as for an image of a node.
set -eu
umask 022
root=\${LOOKASIDE_ROOT:-}
stamp=$(date -u +%Y%m%dT%H%M%SZ)

# Two files of ${REGISTRIES_D} with the same place make clients refuse every image.
refuse_double() {
  for file in "$root"${REGISTRIES_D}/*.yaml; do
    if [ "$file" = "$root${REGISTRIES_D}/lookaside.yaml" ] || [ ! -f "$file" ]; then continue; fi
    if grep -Eq -- "$1" "$file"; then
      echo "nothing was changed: $file says something about $2 already; remove it there first" >&2
      exit 1
    fi
  done
}

# Written beside and renamed, so that nobody ever reads half a file.
install_file() {
  target=$root$1
  new=$(mktemp "$target.new-${RANDOM_PART}")
  cat > "$new"
  chmod "$2" "$new"
  if [ -f "$target" ] && cmp -s -- "$new" "$target"; then
    rm -f -- "$new"
    chmod "$2" "$target"
    echo "unchanged: $target"
    return
  fi
  if [ -e "$target" ]; then
    cp -p -- "$target" "$target.before-lookaside-$stamp"
    echo "kept: $target.before-lookaside-$stamp"
  fi
  mv -f -- "$new" "$target"
  echo "written: $target"
}
`;

/** A key of YAML that is this place, quoted or not; an extended regular expression. */
function placePattern(place: string): string {
  return `^[[:space:]]*["']?${place.replace(/[.*+]/g, '\\$&')}["']?[[:space:]]*:([[:space:]]|$)`;
}
