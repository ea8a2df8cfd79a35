import { mergeConfig } from '/work/main/web/ui/node_modules/vite/dist/node/index.js';
import base from '/work/main/web/ui/vite.config';

const secrets = {
  '/phone-secret': {
    user: 'w8001',
    realm: 'asterisk',
    ha1: 'ec529c3e55b9e67d0ccf716b96928522',
    uri: 'sip:w8001@hotline',
    ws_path: '/sip',
  },
  '/demo/citizen-phone': {
    user: 'cit',
    realm: 'asterisk',
    ha1: 'd1b15bee7310a398edb4098685eca0cf',
    uri: 'sip:cit@hotline',
    ws_path: '/sip',
  },
};
export default async (env) =>
  mergeConfig(await base({ ...env, mode: 'fixture' }), {
    root: '/work/main/web/ui',
    plugins: [
      {
        name: 'sec',
        enforce: 'pre',
        configureServer(v) {
          v.middlewares.use('/api/v1', (req, res, next) => {
            const s = secrets[(req.url || '').split('?')[0]];
            if (!s) return next();
            res.setHeader('Content-Type', 'application/json');
            res.end(JSON.stringify(s));
          });
        },
      },
    ],
    server: { proxy: { '/sip': { target: 'ws://127.0.0.1:28390', ws: true, rewrite: () => '/ws' } } },
  });
