// A real OpenID provider on loopback for the test that starts it: prints {"port": …}, then obeys one
// JSON line of standard input at a time: {"do": "rotate"} signs with new keys from then on,
// {"do": "tokens"} tells how many tokens were asked for. Ends with its standard input.
import { createServer } from 'node:http';
import { generateKeyPair } from 'node:crypto';
import { createInterface } from 'node:readline';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { fileURLToPath, pathToFileURL } from 'node:url';

const web = new URL('../../web/', import.meta.url);
const require = createRequire(new URL('package.json', web));
const { default: Provider } = await import(
  pathToFileURL(require.resolve('oidc-provider', { paths: [fileURLToPath(web)] })).href);
const options = JSON.parse(process.argv[2]);
console.info = console.error;  // What the provider says of itself is no answer.
const keyPair = promisify(generateKeyPair);

async function keys(round) {
  const rsa = await keyPair('rsa', { modulusLength: 2048 });
  const ec = await keyPair('ec', { namedCurve: 'P-256' });
  return [
    { ...rsa.privateKey.export({ format: 'jwk' }), kid: `rsa-${round}`, use: 'sig' },
    { ...ec.privateKey.export({ format: 'jwk' }), kid: `ec-${round}`, use: 'sig' },
  ];
}

let round = 0;
let tokens = 0;
let callback = null;
const server = createServer((request, response) => {
  tokens += request.url === '/token' ? 1 : 0;
  callback(request, response);
});
await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
const issuer = `http://127.0.0.1:${server.address().port}`;

async function begin() {
  round += 1;
  const provider = new Provider(issuer, {
    clients: ['RS256', 'ES256', 'PS256'].map((algorithm) => ({
      client_id: algorithm,
      client_secret: 'not so secret: %+&',
      redirect_uris: [options.redirect_uri],
      id_token_signed_response_alg: algorithm,
      token_endpoint_auth_method: options.auth_method ?? 'client_secret_basic',
    })).concat([{
      client_id: 'public',
      redirect_uris: [options.redirect_uri],
      token_endpoint_auth_method: 'none',
    }]),
    enabledJWA: { idTokenSigningAlgValues: ['RS256', 'ES256', 'PS256'] },
    jwks: { keys: await keys(round) },
    conformIdTokenClaims: false,
    claims: { email: ['email', 'email_verified'], profile: ['name'] },
    acrValues: ['low', 'high'],
    pkce: { required: () => true },
    cookies: { keys: ['only for tests'] },
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({ sub: id, email: id, email_verified: !id.startsWith('unverified'), name: id }),
    }),
  });
  callback = provider.callback();
}

await begin();
console.log(JSON.stringify({ port: server.address().port }));
for await (const line of createInterface({ input: process.stdin })) {
  const order = JSON.parse(line);
  if (order.do === 'rotate') {
    await begin();
  }
  console.log(JSON.stringify({ tokens, round }));
}
process.exit(0);
