import { PROXY_IMAGE } from "../../../components/sign-in/proxy.ts";
import { importBinaryImage, type ProgramFile } from "../binary-image.ts";

/** Brings oauth2-proxy's image to the node, under the very name that a stack's sign-in gives it by default. */
export async function provideSignIn(program: ProgramFile): Promise<void> {
  await importBinaryImage(PROXY_IMAGE, program("oauth2-proxy"));
}
