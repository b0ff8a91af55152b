// The addresses of pages about one thing.

export const repositoryPath = (name: string) => `/repository?name=${encodeURIComponent(name)}`;

export const imagePath = (repository: string, digest: string) =>
  `/image?repository=${encodeURIComponent(repository)}&digest=${encodeURIComponent(digest)}`;

export const signaturePath = (id: number) => `/signatures/${id}`;

export const keyPath = (fingerprint: string) => `/keys/${fingerprint}`;

export const rotationPath = (fingerprint: string) => `/keys/${fingerprint}/rotation`;

export const verdictPath = (image: string) => `/verdict?image=${encodeURIComponent(image)}`;
