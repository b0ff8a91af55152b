// The part of seek-bzip that decompress.ts uses; the package has no types of its own.
declare module 'seek-bzip' {
  type Input = { readByte(): number; eof(): boolean };
  type Output = { writeByte(byte: number): void; flush(): void };
  const bunzip: { decode(input: Input, output: Output): void };
  // biome-ignore lint/style/noDefaultExport: the shape of a CommonJS module
  export default bunzip;
}
