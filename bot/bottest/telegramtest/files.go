package telegramtest

import (
	"bytes"
	"fmt"
	"image"
	_ "image/gif"
	_ "image/jpeg"
	_ "image/png"
	"net/http"
	"strings"

	"parley/bot/bottest/telegramtest/botapi"
)

const (
	photoMax    = 10 << 20 // bytes
	photoSides  = 10000    // pixels, width and height together
	photoRatio  = 20
	documentMax = 50 << 20 // bytes
)

func (f *storedFile) asPhoto() Photo {
	return Photo{FileID: f.ID, Unique: f.Unique, Width: f.Width, Height: f.Height, Size: len(f.Data)}
}

// keep stores a file under a new id. The caller holds mu.
func (t *Server) keep(f storedFile) *storedFile {
	n := len(t.files) + 1
	f.ID, f.Unique = fmt.Sprintf("AgACAgIAAxkBAAM%06d", n), fmt.Sprintf("AQAD%06d", n)
	t.files[f.ID] = &f
	return &f
}

// FileData is the content of a file that the bot sent, by its file id.
func (t *Server) FileData(id string) ([]byte, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	file := t.files[id]
	if file == nil {
		return nil, false
	}
	return file.Data, true
}

// attach finds the file that a parameter means (an upload of the parameter's name,
// attach://NAME, an address or a file id) and puts it into the message.
func (t *Server) attach(call *botapi.Call, kind, ref string, m *Message) error {
	file, err := t.resolve(call, kind, ref)
	if err != nil {
		return err
	}
	if kind == "photo" {
		m.Photo = []Photo{file.asPhoto()}
	} else {
		kind := http.DetectContentType(file.Data)
		m.Document = &File{FileID: file.ID, Unique: file.Unique, Name: file.Name, MIME: kind, Size: len(file.Data)}
	}
	return nil
}

func (t *Server) resolve(call *botapi.Call, kind, ref string) (*storedFile, error) {
	name, attached := strings.CutPrefix(ref, botapi.AttachPrefix)
	if ref == "" {
		name = kind
	}
	upload, uploaded := call.Files[name]
	switch {
	case (ref == "" || attached) && uploaded:
		return t.accept(kind, upload)
	case ref == "" || attached:
		return nil, botapi.BadRequest("there is no %s in the request", kind)
	case strings.HasPrefix(ref, "http://"), strings.HasPrefix(ref, "https://"):
		t.violate("%s: the fake does not fetch files from an address", call.Method)
		return nil, botapi.BadRequest("failed to get HTTP URL content")
	}
	file := t.files[ref]
	switch {
	case file == nil:
		return nil, botapi.BadRequest("wrong file identifier/HTTP URL specified")
	case file.Kind != kind:
		return nil, botapi.BadRequest("can't use file of type %s as %s", file.Kind, kind)
	}
	return file, nil
}

// accept checks a new file and stores it.
func (t *Server) accept(kind string, upload botapi.Upload) (*storedFile, error) {
	file := storedFile{Kind: kind, Name: upload.Name, Data: upload.Data}
	limit := documentMax
	if kind == "photo" {
		limit = photoMax
	}
	switch size := len(file.Data); {
	case size == 0:
		return nil, botapi.BadRequest("file must be non-empty")
	case size > limit:
		return nil, botapi.BadRequest("file \"%s\" of size %d bytes is too big for a %s; the maximum size is %d bytes",
			file.Name, size, kind, limit)
	}
	if kind == "photo" {
		if err := file.measure(); err != nil {
			return nil, err
		}
	}
	return t.keep(file), nil
}

// measure reads the size of a photo and holds it to the limits.
func (f *storedFile) measure() error {
	config, _, err := image.DecodeConfig(bytes.NewReader(f.Data))
	if err != nil {
		return botapi.BadRequest("IMAGE_PROCESS_FAILED")
	}
	f.Width, f.Height = config.Width, config.Height
	long, short := max(f.Width, f.Height), min(f.Width, f.Height)
	if short == 0 || long+short > photoSides || long > photoRatio*short {
		return botapi.BadRequest("PHOTO_INVALID_DIMENSIONS")
	}
	return nil
}
