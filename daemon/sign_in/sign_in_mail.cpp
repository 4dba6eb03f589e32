#include "daemon/sign_in/sign_in_mail.hpp"

#include "daemon/web/html.hpp"

namespace fristvakt::daemon {

namespace {

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

}  // namespace

DirectMail direct_mail(const SignInMail& mail) {
    return {.to = {.id = {}, .address = mail.address, .name = mail.name},
            .language = mail.language,
            .at = mail.at,
            .rendered = rendered(mail),
            .definitions = mail.definitions};
}

}  // namespace fristvakt::daemon
