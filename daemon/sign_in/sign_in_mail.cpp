#include "daemon/sign_in/sign_in_mail.hpp"

#include <array>
#include <utility>

#include "daemon/access/form_token.hpp"
#include "daemon/web/html.hpp"
#include "integrations/mail/mime.hpp"

namespace fristvakt::daemon {

using workflows::Envelope;
using workflows::Error;
using workflows::Result;

workflows::RenderedMessage rendered(const SignInMail& mail) {
    const bool is_nb = mail.language == workflows::Language::Nb;
    const std::string& owner = mail.definitions->installation.name.in(mail.language);
    const std::string lead =
        is_nb ? "Åpne lenken og trykk Logg inn. Den virker én gang, i 15 minutter."
              : "Opne lenkja og trykk Logg inn. Ho verkar éin gong, i 15 minutt.";
    const std::string warning =
        is_nb ? "Har du ikke bedt om å logge inn, trenger du ikke gjøre noe. Gi ikke lenken til "
                "andre."
              : "Har du ikkje bede om å logge inn, treng du ikkje gjere noko. Gi ikkje lenkja til "
                "andre.";
    workflows::RenderedMessage out;
    out.subject = "Innlogging i fristvakt";
    out.text = lead + "\n\n" + mail.link + "\n\n" + warning + "\n\n" + owner + "\n";
    out.html = html(
                   "<!doctype html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\"><title>{}"
                   "</title></head><body><p>{}</p><p><a href=\"{}\">{}</a></p><p>{}</p><p>{}</p>"
                   "</body></html>\n",
                   is_nb ? "nb" : "nn", out.subject, lead, mail.link, "Logg inn i fristvakt",
                   warning, owner)
                   .str();
    return out;
}

Result<Envelope> envelope_of(const SignInMail& mail, const std::string& unique) {
    const auto& installation = mail.definitions->installation;
    const std::string& from = installation.mail.from;
    workflows::MessageSnapshot snapshot;
    snapshot.message_id = "sign-in." + unique + from.substr(std::min(from.find('@'), from.size()));
    snapshot.kind = workflows::NoticeKind::Answer;
    snapshot.language = mail.language;
    snapshot.at = mail.at;
    snapshot.to = {.id = {}, .address = mail.address, .name = mail.name};
    workflows::Definitions frame;
    frame.installation = installation;
    frame.installation.sending = workflows::SendingMode::Live;
    frame.zone = mail.definitions->zone;
    auto bytes = integrations::to_mime(snapshot, rendered(mail), frame);
    if (!bytes.ok()) {
        return bytes.error();
    }
    return Envelope{.message_id = snapshot.message_id,
                    .from = from,
                    .to = {mail.address},
                    .bytes = std::move(bytes).value(),
                    .at = mail.at};
}

SignInMailer::SignInMailer(OpenChannel open_channel, Failed failed)
    : open_channel_(std::move(open_channel)),
      failed_(std::move(failed)),
      thread_([this] { work(); }) {}

SignInMailer::~SignInMailer() {
    {
        const std::scoped_lock lock{mutex_};
        stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

bool SignInMailer::send(SignInMail mail) {
    constexpr std::size_t kWaitingMax = 200;
    {
        const std::scoped_lock lock{mutex_};
        if (waiting_.size() >= kWaitingMax) {
            return false;
        }
        waiting_.push_back(std::move(mail));
    }
    changed_.notify_all();
    return true;
}

void SignInMailer::work() {
    while (true) {
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
        if (stopping_) {
            return;
        }
        const SignInMail mail = std::move(waiting_.front());
        waiting_.pop_front();
        lock.unlock();
        deliver(mail);
    }
}

bool SignInMailer::pause(std::chrono::seconds length) {
    std::unique_lock lock{mutex_};
    return !changed_.wait_for(lock, length, [this] { return stopping_; });
}

void SignInMailer::deliver(const SignInMail& mail) {
    using std::chrono::seconds;
    auto envelope = envelope_of(mail, random_token().substr(0, 20));
    if (!envelope.ok()) {
        return failed_(envelope.error().message);
    }
    Envelope ready = std::move(envelope).value();
    const auto channel = open_channel_(*mail.definitions);
    workflows::DeliveryReport report;
    for (const seconds wait : {seconds{0}, seconds{3}, seconds{10}, seconds{45}}) {
        if (wait > seconds{0} && !pause(wait)) {
            return;
        }
        report = channel->send(ready);
        if (report.verdict == workflows::Verdict::Delivered) {
            return;
        }
        if (report.verdict == workflows::Verdict::Refused || report.uncertain) {
            break;
        }
        ++ready.attempt;
    }
    failed_(report.reply);
}

}  // namespace fristvakt::daemon
