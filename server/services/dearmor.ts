// For the commands, which do not touch the OpenPGP room themselves.
export { dearmor } from '../openpgp/dearmor.ts';
