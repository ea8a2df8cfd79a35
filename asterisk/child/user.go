package child

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"syscall"
)

// ServiceUserName is the account that everything runs as when set-up is root.
const ServiceUserName = "hotline"

// ServiceUser returns the account to run children as: nil (ourselves) for an
// ordinary user; for root the account ServiceUserName, made if missing, because
// neither switch nor database may run as root.
func ServiceUser() (*User, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	found, err := LookupUser(ServiceUserName)
	var unknown user.UnknownUserError
	if !errors.As(err, &unknown) {
		return found, err
	}
	out, err := exec.Command("useradd", "--system", "--user-group", "--no-create-home",
		"--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", ServiceUserName).CombinedOutput()
	// Another process may have made it at the same moment.
	if found, lookup := LookupUser(ServiceUserName); lookup == nil {
		return found, nil
	}
	return nil, fmt.Errorf("making user %s: %w: %s", ServiceUserName, err, out)
}

// User is an account of the machine that a child can run as.
type User struct {
	Name     string
	Home     string
	UID, GID uint32
	groups   []uint32
}

// LookupUser finds an account by name.
func LookupUser(name string) (*User, error) {
	u, err := user.Lookup(name)
	if err != nil {
		return nil, fmt.Errorf("looking up user %s: %w", name, err)
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("user %s: %w", name, err)
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("user %s: %w", name, err)
	}
	found := &User{Name: name, Home: u.HomeDir, UID: uint32(uid), GID: uint32(gid)}
	ids, err := u.GroupIds()
	if err != nil {
		return nil, fmt.Errorf("groups of user %s: %w", name, err)
	}
	for _, id := range ids {
		if g, err := strconv.ParseUint(id, 10, 32); err == nil {
			found.groups = append(found.groups, uint32(g))
		}
	}
	return found, nil
}

func (u *User) credential() *syscall.Credential {
	return &syscall.Credential{Uid: u.UID, Gid: u.GID, Groups: u.groups}
}

// Own gives path to the user; nil is the user we are, and nothing is done.
func (u *User) Own(path string) error {
	if u == nil {
		return nil
	}
	return os.Chown(path, int(u.UID), int(u.GID))
}

// MakeDirs makes each folder with its parents, private to the user (or to us
// when nil). A folder that exists keeps its content and changes hands.
func (u *User) MakeDirs(paths ...string) error {
	for _, path := range paths {
		if err := os.MkdirAll(path, 0o750); err != nil {
			return err
		}
		if err := u.Own(path); err != nil {
			return err
		}
	}
	return nil
}
