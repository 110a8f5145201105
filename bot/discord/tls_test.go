package discord

import (
	"bytes"
	"crypto/tls"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"

	"parley/bot/bottest/discordtest"
)

// TestTheBotWorksThroughAProxyWithTLS puts a proxy before Discord, as api_url is for, which
// also says that the gateway is behind it.
func TestTheBotWorksThroughAProxyWithTLS(t *testing.T) {
	fake := discordtest.New(discordtest.Options{Token: botToken})
	defer fake.Close()
	to := must2(url.Parse(fake.URL()))(t)
	var proxy *httptest.Server
	proxy = httptest.NewTLSServer(&httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(to)
			r.Out.Host = to.Host
			r.Out.URL.Path = strings.TrimPrefix(r.Out.URL.Path, "/discord")
		},
		ModifyResponse: func(res *http.Response) error {
			if !strings.HasPrefix(res.Request.URL.Path, "/api/v9/gateway") {
				return nil
			}
			body, err := io.ReadAll(res.Body)
			body = bytes.ReplaceAll(body, []byte("ws://"+to.Host), []byte("wss://"+strings.TrimPrefix(proxy.URL, "https://")))
			res.Body, res.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
			res.Header.Del("Content-Length")
			return err
		},
	})
	defer proxy.Close()
	defer proxy.CloseClientConnections()
	roots := proxy.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	w := begin(t, setup{idle: true, tweak: func(o *Options) {
		o.APIURL, o.TLS = proxy.URL+"/discord/", &tls.Config{RootCAs: roots}
	}})
	w.run()
	defer w.stop()
	if err := fake.AwaitReady(within(t), 1); err != nil {
		t.Fatal(err, w.logs)
	}
	ann := fake.NewUser("ann")
	must2(ann.Ask(within(t), fake.DM(ann), "q"))(t)
	if v := fake.Violations(); len(v) > 0 {
		t.Errorf("violations %q", v)
	}
}

func TestThreadsCountAsTheirChannel(t *testing.T) {
	w := begin(t, setup{})
	ann := w.fake.NewUser("ann")
	ch := w.fake.NewGuild("talks", ann).Text("general")
	thread := ch.Thread(ann, "Crimea")
	must2(ann.Slash(within(t), thread, "settings", nil))(t)
	must2(ann.Ask(within(t), thread, w.fake.Bot().Mention()+" q"))(t)
	for _, r := range w.core.requests() {
		if r.Channel != ch.ID.String() || !strings.Contains(r.Conversation, thread.ID.String()) {
			t.Errorf("asked in %q, %q", r.Channel, r.Conversation)
		}
	}
}
