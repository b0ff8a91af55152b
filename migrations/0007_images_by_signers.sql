-- Which images are signed by one set of keys and no other: what depends on a key is listed without looking at every image.
CREATE INDEX images_by_signers ON images (signers, id) WHERE signers IS NOT NULL;
