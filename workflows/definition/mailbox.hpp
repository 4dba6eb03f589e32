#pragma once

#include <string>

#include "workflows/definition/secret_reference.hpp"
#include "workflows/time/instant.hpp"

namespace fristvakt::workflows {

/// The mailbox that answers to invitations come back to, read by IMAP. It is only ever looked into:
/// nothing in it is marked, moved or removed, so that people may read it too.
struct MailboxSettings {
    std::string url;  ///< imaps://HOST[:PORT] or imap://HOST[:PORT]
    enum class StartTls { Required, Off };
    /// Of imap://. `Off` only towards this machine.
    StartTls starttls{StartTls::Required};
    std::string user;
    SecretReference password;
    std::string ca_file;          ///< Empty: the system's.
    std::string address;          ///< What people write to: the organizer of invitations.
    std::string folder{"INBOX"};  ///< UTF-8, as people see it.
    Seconds every{60};            ///< From one look to the next.

    friend bool operator==(const MailboxSettings&, const MailboxSettings&) = default;
};

}  // namespace fristvakt::workflows
