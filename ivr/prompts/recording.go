package prompts

import (
	"fmt"
	"os"
	"path/filepath"
)

// SaveRecording stores a recorded WAV file for a line, so that the next Build uses it in
// place of a synthesised one. The file is checked first: ErrFormat.
func (m *Manifest) SaveRecording(folder, id, language string, wav []byte) error {
	if _, ok := m.Lines[id]; !ok {
		return fmt.Errorf("%w: %q", ErrNoSound, id)
	}
	if !validFile.MatchString(language) {
		return fmt.Errorf("%w: %q is no language", ErrNoSound, language)
	}
	if _, err := DecodeWAV(wav); err != nil {
		return err
	}
	dir := filepath.Join(folder, language)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("folder of recorded prompts: %w", err)
	}
	if err := writeFile(filepath.Join(dir, id+".wav"), wav); err != nil {
		return fmt.Errorf("storing the recorded prompt: %w", err)
	}
	return nil
}
