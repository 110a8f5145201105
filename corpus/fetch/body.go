package fetch

import (
	"bufio"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// A body that grows beyond maxRatio times what came over the wire is a bomb; text
// compresses to a tenth. The first bombSize bytes are not judged: short texts that repeat
// themselves do compress that well.
const (
	maxRatio = 100
	bombSize = 1 << 20
)

// readBody is the decompressed body, of which there may be limit bytes.
func readBody(resp *http.Response, limit int64) ([]byte, error) {
	if resp.ContentLength > limit {
		return nil, tooLarge("it says that it has %d bytes, and %d are read at most", resp.ContentLength, limit)
	}
	wire := &counter{r: resp.Body, limit: limit}
	plain, err := decompressor(wire, resp.Header.Get("Content-Encoding"))
	if err != nil {
		return nil, bodyError(err)
	}
	body, err := io.ReadAll(&counter{r: plain, limit: limit, wire: wire})
	if err != nil {
		return nil, bodyError(err)
	}
	return body, nil
}

func tooLarge(format string, args ...any) error {
	return &Error{Kind: TooLarge, Err: fmt.Errorf(format, args...)}
}

// bodyError tells a fault in the compression from one in the connection.
func bodyError(err error) error {
	_, corrupt := errors.AsType[flate.CorruptInputError](err)
	if corrupt || errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum) || errors.Is(err,
		zlib.ErrHeader) || errors.Is(err, zlib.ErrChecksum) {
		return &Error{Kind: Encoding, Err: fmt.Errorf("its compression is faulty: %w", err)}
	}
	return err
}

// counter gives an error, not an end, where there is more than the limit, or more than
// maxRatio of what the wire has counted.
type counter struct {
	r     io.Reader
	n     int64
	limit int64
	wire  *counter // nil where nothing was compressed
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	switch {
	case c.n > c.limit:
		return 0, tooLarge("it has more than %d bytes", c.limit)
	case c.wire != nil && c.n > bombSize && c.n/maxRatio > c.wire.n:
		return 0, tooLarge("it grows to more than %d times its size", maxRatio)
	}
	return n, err
}

// decompressor reads one encoding; a body that is compressed twice only hides something.
func decompressor(r io.Reader, encoding string) (io.Reader, error) {
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "", "identity":
		return r, nil
	case "gzip", "x-gzip":
		return gzip.NewReader(r)
	case "deflate": // is zlib's (RFC 9110, 8.4.1.2); some servers leave its header out
		buffered := bufio.NewReader(r)
		if head, err := buffered.Peek(2); err == nil && head[0]&0x0f == 8 && (uint(head[0])<<8|uint(head[1]))%31 == 0 {
			return zlib.NewReader(buffered)
		}
		return flate.NewReader(buffered), nil
	}
	return nil, &Error{Kind: Encoding, Err: fmt.Errorf("it is encoded as %.40q, which was not asked for", encoding)}
}
