#define _GNU_SOURCE
#include <errno.h>
#include <sys/socket.h>

#include "CLinux.h"

// asm-generic/socket.h; glibc 2.36 does not carry it.
#ifndef SO_PEERGROUPS
#define SO_PEERGROUPS 59
#endif

int stipple_peer(int descriptor, struct stipple_peer *peer) {
  struct ucred credentials;
  socklen_t size = sizeof credentials;
  if (getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) return -errno;
  // A socket that nobody connected has no peer, and says so by ids that are nobody's.
  if (credentials.uid == (uid_t)-1 || credentials.gid == (gid_t)-1) return -ENOTCONN;
  peer->uid = credentials.uid;
  peer->gid = credentials.gid;
  peer->pid = credentials.pid;
  // One place is kept for the primary group.
  size = (STIPPLE_PEER_GROUPS_MAX - 1) * sizeof peer->groups[0];
  // More groups than there is room for (ERANGE) is a refusal: a list cut short would deny a role at random.
  if (getsockopt(descriptor, SOL_SOCKET, SO_PEERGROUPS, peer->groups, &size) != 0) return -errno;
  peer->group_count = size / sizeof peer->groups[0];
  for (uint32_t i = 0; i < peer->group_count; i++)
    if (peer->groups[i] == peer->gid) return 0;
  peer->groups[peer->group_count++] = peer->gid;
  return 0;
}
