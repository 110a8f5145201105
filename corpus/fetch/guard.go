package fetch

import (
	"context"
	"fmt"
	"net/netip"
	"syscall"
)

// guard judges the address of every connection before it is made.
type guard struct{ allowed []netip.Prefix }

// refusedError is why a connection was not made.
type refusedError struct{ addr netip.Addr }

func (e *refusedError) Error() string {
	return fmt.Sprintf("it leads to %v, which is not public", e.addr)
}

// control is called by the dialer for each address that the name has, at the last
// moment at which it can be refused.
func (g guard) control(_ context.Context, network, address string, _ syscall.RawConn) error {
	if network != "tcp4" && network != "tcp6" {
		return fmt.Errorf("a connection over %s is not the web's", network)
	}
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("address of a connection: %w", err)
	}
	addr := to.Addr().Unmap().WithZone("")
	for _, prefix := range g.allowed {
		if prefix.Contains(addr) {
			return nil
		}
	}
	if !isPublic(addr) {
		return &refusedError{addr}
	}
	return nil
}

// isPublic reports whether an address is one of the public internet: none of the blocks
// of IANA's registries of special purposes. Of IPv6 only 2000::/3 has been given out,
// and in it the blocks through which an IPv4 address is reached are left out: 6to4,
// Teredo; as NAT64 (64:ff9b::/96) is with all that is outside.
func isPublic(addr netip.Addr) bool {
	addr = addr.Unmap()
	if addr.Is6() && !ipv6Unicast.Contains(addr) {
		return false
	}
	for _, block := range special {
		if block.Contains(addr) {
			return false
		}
	}
	return addr.IsValid()
}

var ipv6Unicast = netip.MustParsePrefix("2000::/3")

var special = func() (blocks []netip.Prefix) {
	for _, block := range []string{
		"0.0.0.0/8",       // this network, RFC 791
		"10.0.0.0/8",      // private, RFC 1918
		"100.64.0.0/10",   // shared by the customers of a provider, RFC 6598
		"127.0.0.0/8",     // loopback, RFC 1122
		"169.254.0.0/16",  // link-local, RFC 3927; the metadata of clouds
		"172.16.0.0/12",   // private, RFC 1918
		"192.0.0.0/24",    // protocol assignments, RFC 6890
		"192.0.2.0/24",    // documentation, RFC 5737
		"192.88.99.0/24",  // 6to4 relays, RFC 7526
		"192.168.0.0/16",  // private, RFC 1918
		"198.18.0.0/15",   // benchmarks, RFC 2544
		"198.51.100.0/24", // documentation, RFC 5737
		"203.0.113.0/24",  // documentation, RFC 5737
		"224.0.0.0/4",     // multicast, RFC 5771
		"240.0.0.0/4",     // reserved, RFC 1112; broadcast
		"2001::/23",       // protocol assignments, RFC 2928; Teredo
		"2001:db8::/32",   // documentation, RFC 3849
		"2002::/16",       // 6to4, RFC 3056
		"3fff::/20",       // documentation, RFC 9637
	} {
		blocks = append(blocks, netip.MustParsePrefix(block))
	}
	return blocks
}()
