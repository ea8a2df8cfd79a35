package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/open12345/hotline/asterisk/child"
	"github.com/open12345/hotline/cmd/hotline/config"
)

// ensureCertificate names certificate and key in cfg when TLS is on and none are
// named: a pair signed by itself, made once in dir and renewed when it is about
// to expire or the public address has changed.
func ensureCertificate(cfg *config.Config, dir string, user *child.User) error {
	if !cfg.Web.TLS || cfg.Web.TLSCertificate != "" {
		return nil
	}
	certificate, key := filepath.Join(dir, "tls", "certificate.pem"), filepath.Join(dir, "tls", "key.pem")
	host := cfg.Public
	if host == "" {
		host = "127.0.0.1"
	}
	if !usable(certificate, host) {
		if err := user.MakeDirs(filepath.Dir(certificate)); err != nil {
			return fmt.Errorf("making a certificate: %w", err)
		}
		if err := makeCertificate(certificate, key, host, user); err != nil {
			return fmt.Errorf("making a certificate: %w", err)
		}
	}
	cfg.Web.TLSCertificate, cfg.Web.TLSKey = certificate, key
	return nil
}

func usable(path, host string) bool {
	data, err := os.ReadFile(path)
	if err != nil {
		return false
	}
	block, _ := pem.Decode(data)
	if block == nil {
		return false
	}
	cert, err := x509.ParseCertificate(block.Bytes)
	return err == nil && time.Until(cert.NotAfter) > 30*24*time.Hour && cert.VerifyHostname(host) == nil
}

func makeCertificate(certificate, key, host string, user *child.User) error {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return err
	}
	template := x509.Certificate{
		SerialNumber:          serial,
		Subject:               pkix.Name{CommonName: host},
		NotBefore:             time.Now().Add(-time.Hour),
		NotAfter:              time.Now().Add(397 * 24 * time.Hour), // browsers refuse longer ones
		KeyUsage:              x509.KeyUsageDigitalSignature,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
		DNSNames:              []string{"localhost", "*.localhost"},
		IPAddresses:           []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	if ip := net.ParseIP(host); ip != nil {
		template.IPAddresses = append(template.IPAddresses, ip)
	}
	der, err := x509.CreateCertificate(rand.Reader, &template, &template, &private.PublicKey, private)
	if err != nil {
		return err
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return err
	}
	if err := writePEM(key, "PRIVATE KEY", secret, 0o600, user); err != nil {
		return err
	}
	return writePEM(certificate, "CERTIFICATE", der, 0o644, user)
}

func writePEM(path, kind string, der []byte, mode os.FileMode, user *child.User) error {
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), mode); err != nil {
		return err
	}
	return user.Own(path)
}
