import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { compressAssets } from './compress-assets.ts';

/** The console as static files in dist/console; `meridian serve` gives them out. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [react(), compressAssets()],
  build: {
    outDir: fileURLToPath(new URL('../dist/console', import.meta.url)),
    emptyOutDir: true,
    target: 'es2023',
    // Browsers since mid 2024: these know light-dark(), which older ones would get in a form that the theme's switch escapes.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // The server's policy lets no page hold data: addresses for scripts or fonts.
    assetsInlineLimit: 0,
    // Pages of a route are loaded by their own; what is above this has been looked at (the form, the editor, the graph).
    chunkSizeWarningLimit: 1600,
    // Forms know connectors by their specs; what reads a source stays on the server.
    rollupOptions: { external: [/-connector\.ts$/] },
  },
  server: {
    // `npx vite console` beside a running `meridian serve --port 8586`: changes show at once.
    proxy: { '/api': 'http://localhost:8586' },
  },
});
