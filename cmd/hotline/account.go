package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/open12345/hotline/tickets"
	usecases "github.com/open12345/hotline/tickets/service"
)

// AccountCmd administers accounts from the command line.
type AccountCmd struct {
	List     accountList     `cmd:"" help:"List accounts with their roles."`
	Add      accountAdd      `cmd:"" help:"Make an account; the password is read from standard input."`
	Password accountPassword `cmd:"" help:"Set a password, read from standard input, and unlock the account."`
	Unlock   accountUnlock   `cmd:"" help:"End a lock-out."`
}

// operatorRoles are the rights of the command line.
var operatorRoles = []tickets.Role{tickets.Admin}

type accountList struct {
	Query string `arg:"" optional:"" help:"Part of a name."`
}

func (c *accountList) Run(a *app) error {
	d, err := openDesk(a)
	if err != nil {
		return err
	}
	defer d.close()
	list, err := d.Accounts(a.ctx, operator(), c.Query)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', 0)
	for _, v := range list {
		roles := make([]string, len(v.Roles))
		for i, r := range v.Roles {
			roles[i] = string(r)
		}
		state := ""
		switch {
		case v.Disabled:
			state = "disabled"
		case v.Locked:
			state = "locked"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", v.Account, v.Name, strings.Join(roles, ","), v.Unit, state)
	}
	return w.Flush()
}

type accountAdd struct {
	Account string   `arg:"" help:"Sign-in name: small letters, digits, hyphens."`
	Name    string   `required:"" help:"The person's name."`
	Role    []string `help:"Role; may be repeated. Without one the account can do nothing."`
	Unit    string   `help:"Unit's id."`
}

func (c *accountAdd) Run(a *app) error {
	d, err := openDesk(a)
	if err != nil {
		return err
	}
	defer d.close()
	password, err := readPassword()
	if err != nil {
		return err
	}
	roles := make([]tickets.Role, len(c.Role))
	for i, r := range c.Role {
		roles[i] = tickets.Role(r)
	}
	return d.CreateAccount(a.ctx, operator(), usecases.AccountChange{
		Account: c.Account, Name: &c.Name, Unit: &c.Unit, Roles: &roles, Password: password,
	})
}

type accountPassword struct {
	Account string `arg:""`
}

func (c *accountPassword) Run(a *app) error {
	d, err := openDesk(a)
	if err != nil {
		return err
	}
	defer d.close()
	password, err := readPassword()
	if err != nil {
		return err
	}
	return d.SetPassword(a.ctx, operator(), c.Account, password)
}

type accountUnlock struct {
	Account string `arg:""`
}

func (c *accountUnlock) Run(a *app) error {
	d, err := openDesk(a)
	if err != nil {
		return err
	}
	defer d.close()
	return d.Unlock(a.ctx, operator(), c.Account)
}

// readPassword takes one line of standard input: an argument would be seen by every process.
func readPassword() (string, error) {
	fmt.Fprint(os.Stderr, "password: ")
	line, err := bufio.NewReader(os.Stdin).ReadString('\n')
	password := strings.TrimRight(line, "\r\n")
	if password == "" {
		return "", errors.Join(errors.New("no password on standard input"), err)
	}
	return password, nil
}
