#pragma once

#include <string>

#include "workflows/definition/secret_reference.hpp"

namespace fristvakt::workflows {

/// A service mailbox in Microsoft 365 whose calendar holds the meetings, by Microsoft Graph. An
/// application signs in, no person: it needs Calendars.ReadWrite, as an application permission, for
/// this mailbox.
struct GraphCalendar {
    std::string tenant;  ///< The directory's id or domain; none that is shared by everybody.
    std::string client_id;
    SecretReference secret;
    std::string mailbox;        ///< Its address; invitations come from there.
    bool notifications{false};  ///< Microsoft tells of answers at once, at PUBLIC_URL/hooks/graph.
    /// https, or this machine. Without a slash at the end, like the next.
    std::string login_url{"https://login.microsoftonline.com"};
    std::string graph_url{"https://graph.microsoft.com/v1.0"};
    std::string ca_file;  ///< Whom to trust, as PEM; empty: the system's.
};

}  // namespace fristvakt::workflows
