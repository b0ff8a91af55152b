// The addresses of pages about one thing.

export const repositoryPath = (name: string) => `/repository?name=${encodeURIComponent(name)}`;

export const imagePath = (repository: string, digest: string) =>
  `/image?repository=${encodeURIComponent(repository)}&digest=${encodeURIComponent(digest)}`;

export const signaturePath = (id: number) => `/signatures/${id}`;

export const keyPath = (fingerprint: string) => `/keys/${fingerprint}`;

export const rotationPath = (fingerprint: string) => `/keys/${fingerprint}/rotation`;

/** All that happened to something, and all that somebody did. */
export const historyPath = (subject: string) => `/audit?subject=${encodeURIComponent(subject)}`;
export const activityPath = (actor: string) => `/audit?actor=${encodeURIComponent(actor)}`;

export const tokenPath = (id: string) => `/tokens?q=${encodeURIComponent(id)}`;

export const searchPath = (question: string) => `/search?q=${encodeURIComponent(question)}`;

export const verdictPath = (image: string) => `/verdict?image=${encodeURIComponent(image)}`;
