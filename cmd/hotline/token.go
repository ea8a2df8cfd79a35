package main

import (
	"fmt"
	"os"
	"text/tabwriter"
	"time"
)

// TokenCmd administers API tokens.
type TokenCmd struct {
	Create tokenCreate `cmd:"" help:"Make a token of an account and print its secret, once."`
	List   tokenList   `cmd:"" help:"List tokens."`
	Revoke tokenRevoke `cmd:"" help:"End a token at once."`
}

type tokenCreate struct {
	Account string        `arg:"" help:"Whose rights the token has."`
	Label   string        `default:"command line" help:"What it is for."`
	For     time.Duration `help:"How long it is valid; 0: until revoked." default:"0"`
}

func (c *tokenCreate) Run(a *app) error {
	d, err := openDesk(a)
	if err != nil {
		return err
	}
	defer d.close()
	var expires time.Time
	if c.For > 0 {
		expires = time.Now().Add(c.For)
	}
	_, secret, err := d.CreateToken(a.ctx, operator(), c.Account, c.Label, expires)
	if err != nil {
		return err
	}
	fmt.Println(secret)
	return nil
}

type tokenList struct {
	Account string `arg:"" optional:"" help:"Only this account's."`
}

func (c *tokenList) Run(a *app) error {
	d, err := openDesk(a)
	if err != nil {
		return err
	}
	defer d.close()
	list, err := d.Tokens(a.ctx, c.Account)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', 0)
	for _, t := range list {
		state := "valid"
		switch {
		case !t.RevokedAt.IsZero():
			state = "revoked"
		case !t.ExpiresAt.IsZero() && t.ExpiresAt.Before(time.Now()):
			state = "ended"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", t.ID, t.Account, t.Label, t.CreatedAt.Format(time.DateTime), state)
	}
	return w.Flush()
}

type tokenRevoke struct {
	ID string `arg:"" help:"The token's id, as listed."`
}

func (c *tokenRevoke) Run(a *app) error {
	d, err := openDesk(a)
	if err != nil {
		return err
	}
	defer d.close()
	return d.RevokeToken(a.ctx, operator(), c.ID)
}
