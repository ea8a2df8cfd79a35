import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type PluginOption } from 'vite';

// HOTLINE_WEB names the running server that `npm run dev` talks to.
const server = process.env.HOTLINE_WEB ?? 'http://127.0.0.1:8080';

export default defineConfig(async ({ mode }) => {
  const plugins: PluginOption[] = [react()];
  const fixture = mode === 'fixture';
  if (fixture) {
    const { fixtureServer } = await import('./dev/fixture');
    plugins.push(fixtureServer());
  }
  return {
    base: '/',
    plugins,
    resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
    build: {
      outDir: 'dist',
      emptyOutDir: true,
      target: 'es2022',
      sourcemap: false,
      chunkSizeWarningLimit: 1600,
      rollupOptions: {
        input: {
          console: fileURLToPath(new URL('index.html', import.meta.url)),
          citizen: fileURLToPath(new URL('citizen.html', import.meta.url)),
          portal: fileURLToPath(new URL('portal.html', import.meta.url)),
        },
      },
    },
    server: fixture
      ? {}
      : {
          proxy: {
            '/api': { target: server },
            '/ws': { target: server, ws: true },
            '/sip': { target: server, ws: true },
          },
        },
  };
});
