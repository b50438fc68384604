// The system's libcrypto (Debian: libssl-dev), the EVP digest interface only.
#pragma once
#include <openssl/evp.h>
