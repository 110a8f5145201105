package telegram

import (
	"context"
	"crypto/sha256"
	"fmt"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// picture sends a picture with its caption. One that was sent before is named by its id
// and not uploaded again.
func (o *outbox) picture(ctx context.Context, to target, p part, plainly bool) (int64, error) {
	params := to.params()
	params.AddNonEmpty("reply_markup", p.markup)
	if p.html != "" {
		setText(params, "caption", p.text, plainly)
	}
	if !p.picture.photo {
		return o.uploaded(ctx, "sendDocument", params, "document", p.picture)
	}
	key := fmt.Sprintf("%s%d/photo/%x", platform, o.bot, sha256.Sum256(p.picture.data))
	id, err := o.files.FileID(ctx, key)
	if err != nil {
		o.log.WarnContext(ctx, "file id not read, the picture is uploaded", "err", err)
	}
	if id != "" {
		params["photo"] = id
		var m sent
		err := o.client.call(ctx, "sendPhoto", params, &m)
		if r := refused(err); r == nil || !r.says("file identifier", "wrong remote file", "FILE_REFERENCE") {
			return m.ID, err
		}
		delete(params, "photo")
	}
	return o.uploadPhoto(ctx, params, p.picture, key)
}

func (o *outbox) uploadPhoto(ctx context.Context, params tgbotapi.Params, p *picture, key string) (int64, error) {
	var m sent
	if err := o.client.upload(ctx, "sendPhoto", params, "photo", tgbotapi.FileBytes{Name: p.name, Bytes: p.data}, &m); err != nil {
		return 0, err
	}
	if n := len(m.Photo); n > 0 { // the largest size is the last
		if err := o.files.SetFileID(ctx, key, m.Photo[n-1].FileID); err != nil {
			o.log.WarnContext(ctx, "file id not kept, the picture will be uploaded again", "err", err)
		}
	}
	return m.ID, nil
}

func (o *outbox) uploaded(ctx context.Context, method string, params tgbotapi.Params, field string, p *picture) (int64, error) {
	var m sent
	err := o.client.upload(ctx, method, params, field, tgbotapi.FileBytes{Name: p.name, Bytes: p.data}, &m)
	return m.ID, err
}
