// Strict JSON in lines, every value exactly as it was signed: parsing it would round numbers and undo escapes.

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;
const INDENT = '  ';

export function indentJson(text: string): string {
  const tokens = text.match(TOKEN) ?? [];
  let depth = 0;
  let lines = '';
  for (const [at, token] of tokens.entries()) {
    const before = tokens[at - 1];
    const opened = before === '{' || before === '[';
    if (token === '}' || token === ']') {
      depth -= 1;
      lines += opened ? token : newLine(depth) + token;
    } else if (token === ',') lines += token;
    else if (token === ':') lines += ': ';
    else {
      lines += opened || before === ',' ? newLine(depth) + token : token;
      if (token === '{' || token === '[') depth += 1;
    }
  }
  return lines;
}

const newLine = (depth: number) => `\n${INDENT.repeat(Math.max(0, depth))}`;
