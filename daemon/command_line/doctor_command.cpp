#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <CLI/CLI.hpp>

#include "daemon/command_line/commands.hpp"
#include "daemon/command_line/findings.hpp"
#include "daemon/command_line/refusal.hpp"
#include "daemon/command_line/stored_state.hpp"
#include "daemon/configuration/configuration_source.hpp"
#include "integrations/mail/smtp_channel.hpp"
#include "integrations/mailbox/imap_mailbox.hpp"
#include "integrations/teams/card_channel.hpp"

/// What is missing for an installation to do all that its configuration says.
namespace fristvakt::daemon {

namespace {

using workflows::Error;
using workflows::ErrorKind;
using workflows::Installation;
using workflows::SendingMode;

struct DoctorOptions {
    std::string folder;
    std::string state;
    bool json{false};
};

Finding good(std::string about, std::string text) {
    return {.kind = Finding::Kind::Good, .about = std::move(about), .text = std::move(text)};
}

Finding problem(std::string about, const Error& error) {
    return {.kind = Finding::Kind::Problem,
            .about = std::move(about),
            .text = error.message,
            .is_unreachable = error.kind == ErrorKind::Unavailable};
}

Finding configuration(const integrations::LoadedConfiguration& loaded) {
    const std::size_t warnings = loaded.diagnostics.size();
    if (warnings == 0) {
        return good("configuration", "without a mistake");
    }
    return {.kind = Finding::Kind::Warning,
            .about = "configuration",
            .text = std::to_string(warnings) + (warnings == 1 ? " warning" : " warnings") +
                    "; `fristvakt check` says which"};
}

Finding sending(const Installation& installation) {
    if (installation.sending == SendingMode::Live) {
        return good("sending", "`sending: live`: what is due goes to everybody");
    }
    return {.kind = Finding::Kind::Warning,
            .about = "sending",
            .text =
                "`sending` is not live, so not everybody is written to; write `sending: live` "
                "in fristvakt.yaml when all else here is good"};
}

/// Nobody is written to, and so the server is not asked.
Finding mail(const workflows::SmtpSettings& settings) {
    const auto opened = integrations::SmtpChannel::open(settings);
    return opened.ok() ? good("mail",
                              "the mail server is named, and what it takes to log in can be read; "
                              "whether it lets us in is seen with the first message")
                       : problem("mail", opened.error());
}

/// Logs in and opens the folder; of what lies there only sizes are asked for.
Finding mailbox(const workflows::MailboxSettings& settings) {
    integrations::ImapMailbox box{settings, {.messages_max = 1, .message_bytes_max = 0}};
    const auto reading = box.read({});
    return reading.ok() ? good("mailbox", "the mail server lets us in, and the folder can be read")
                        : problem("mailbox", reading.error());
}

/// Posts nothing: what a card brings is seen in the channel alone.
Finding channel(const workflows::TeamsChannel& channel) {
    const std::string about = "teams " + channel.id;
    if (const auto good_one = integrations::teams::check_channel(channel); !good_one.ok()) {
        return problem(about, good_one.error());
    }
    if (!channel.canary) {
        return {.kind = Finding::Kind::Warning,
                .about = about,
                .text =
                    "its address can be read, but nobody is asked whether cards are seen; "
                    "add `canary`, and try `fristvakt teams test`"};
    }
    return good(about, "its address can be read; `fristvakt teams test` shows whether it posts");
}

std::vector<Finding> look(const integrations::LoadedConfiguration& loaded) {
    const Installation& installation = loaded.definitions->installation;
    std::vector<Finding> findings{configuration(loaded), sending(installation)};
    if (installation.mail.smtp) {
        findings.push_back(mail(*installation.mail.smtp));
    }
    if (installation.mailbox) {
        findings.push_back(mailbox(*installation.mailbox));
    }
    for (const workflows::TeamsChannel& one : installation.teams) {
        findings.push_back(channel(one));
    }
    if (installation.graph) {
        for (Finding& one : look_at_calendar(installation)) {
            one.about = "calendar " + one.about;
            findings.push_back(std::move(one));
        }
    }
    return findings;
}

int examine(const DoctorOptions& options) {
    const auto loaded = load_verified(options.folder, options.state);
    if (!loaded.ok()) {
        return refuse_file(loaded.error());
    }
    const auto findings = look(loaded.value());
    print(findings, options.json, true);
    return exit_code_of(findings);
}

}  // namespace

void add_doctor(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<DoctorOptions>();
    CLI::App* command = app.add_subcommand(
        "doctor", "Say what is missing for mail, Teams, the mailbox and the calendar");
    command->add_option("DIR", options->folder, "Folder; without one the shipped configuration");
    add_layer_option(*command, options->state);
    command->add_flag("--json", options->json, "As JSON");
    command->footer("Example: fristvakt doctor /etc/fristvakt");
    command->callback([options, &exit_code] { exit_code = examine(*options); });
}

}  // namespace fristvakt::daemon
