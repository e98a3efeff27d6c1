"""Names as they are found in Belgium, by where a family comes from, and made-up addresses."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Origin:
    """Names of one origin, and how many families in a hundred have it."""

    weight: int
    women: tuple[str, ...]
    men: tuple[str, ...]
    family: tuple[str, ...]


def _origin(weight: int, women: str, men: str, family: str) -> Origin:
    return Origin(
        weight,
        tuple(women.split()),
        tuple(men.split()),
        tuple(name.replace("_", " ") for name in family.split()),
    )


ORIGINS = (
    _origin(
        52,
        "Emma Zoë Loïs Anaïs Elke Ann Katrien Lieselot Femke Noëlle Hilde Jolien Fleur Inès Maud",
        "Wout Bram Pieter Stijn Michiel Jef Daniël Joël Koen Tibo Lowie Seppe Raphaël Staf Arne",
        "Peeters Janssens Maes De_Smet Van_den_Broeck D'Hondt Claeys Goossens Van_Damme Wouters "
        "De_Clercq 't_Kindt Lemmens Verhaeghe Cools Van_Acker De_Backer Hendrickx",
    ),
    _origin(
        8,
        "Chloé Amélie Éloïse Maëlle Hélène Françoise Noémie Agnès",
        "Loïc Théo François Benoît Jérôme Gaël Rémy André",
        "Lefèvre Dupré Gérard Lambert Noël Desprès Thiéry Crèvecœur",
    ),
    _origin(
        9,
        "Fatima Naïma Samira Khadija Yasmina Hafsa Noor Imane",
        "Youssef Mohamed Bilal Ayoub Hamza Saïd Zakaria Anas",
        "El_Idrissi Benali Aït_Ouali Bouazza El_Haddad Amrani Ben_Saïd Chaïb",
    ),
    _origin(
        7,
        "Elif Ayşe Gülşen Büşra Özlem Çiğdem Şeyma Zeynep",
        "Emre Oğuz Çağlar Şükrü İbrahim Ömer Barış Yiğit",
        "Şahin Yılmaz Öztürk Çelik Kılıç Güneş Doğan Aydın",
    ),
    _origin(
        5,
        "Małgorzata Agnieszka Zofia Bożena Łucja Grażyna",
        "Paweł Michał Łukasz Stanisław Wojciech Zdzisław",
        "Wiśniewski Dąbrowski Łuczak Żak Piątek Gałązka",
    ),
    _origin(
        4,
        "Ștefania Mădălina Ioana Andreea Lăcrămioara Țuca",
        "Ștefan Cătălin Ionuț Răzvan Bogdan Mihăiță",
        "Popescu Țurcanu Ionescu Stănescu Brânză Păun",
    ),
    _origin(
        3,
        "Thảo Ngọc Hương Diễm Tuyết Ánh",
        "Dũng Tuấn Đức Hiếu Quốc Hải",
        "Nguyễn Đặng Trần Phạm Lê Đỗ",
    ),
    _origin(
        3,
        "María Begoña Inés Conceição Lucía Aránzazu",
        "José Íñigo João Ángel Óscar Gonçalo",
        "Nuñez García Muñoz Simões Peña Magalhães",
    ),
    _origin(
        2,
        "Jörgine Käthe Ännchen Grethe Ursula",
        "Jürgen Björn Günther Sören Kjell",
        "Müller Groß Schröder Bjørnson Åkesson",
    ),
    _origin(
        4,
        "Mariama Aïssatou Grâce Espérance Ngozi Kɔkɔ",
        "Mamadou Ousmane Dieudonné Kwabena Chukwuemeka Séraphin",
        "Diallo Mbuyi Traoré Tshibangu Okonkwo N'Diaye",
    ),
    _origin(
        2,
        "Oksana Živa Lenka Jiřina Đurđica Ilze",
        "Mykola Tomáš Dušan Šime Željko Jānis",
        "Ševčenko Dvořák Horváth Đorđević Čović Bērziņš",
    ),
    _origin(
        1,
        "Κατερίνα Ελένη Δέσποινα",
        "Γιώργος Νίκος Σπύρος",
        "Ιωάννου Γεωργίου Οικονόμου",
    ),
    _origin(
        1,
        "Оксана Юлія Любов",
        "Сергій Олексій Дмитро",
        "Шевченко Їжак Ґалаґан",
    ),
)

STREETS = (
    "Kerkstraat",
    "Stationsstraat",
    "Molenstraat",
    "Lindenlaan",
    "Beukendreef",
    "Vlierstraat",
    "Sint-Annaplein",
    "Koning Albertlaan",
    "Nieuwstraat",
    "Meersstraat",
    "Oude Heerweg",
    "Schoolstraat",
)
PLACES = (  # postal code, town, office
    ("9000", "Gent", "GENT"),
    ("9040", "Sint-Amandsberg", "GENT"),
    ("9050", "Gentbrugge", "GENT"),
    ("9800", "Deinze", "GENT"),
    ("3000", "Leuven", "LEUVEN"),
    ("3010", "Kessel-Lo", "LEUVEN"),
    ("3200", "Aarschot", "LEUVEN"),
    ("3300", "Tienen", "LEUVEN"),
    ("9300", "Aalst", "AALST"),
    ("9310", "Moorsel", "AALST"),
    ("9400", "Ninove", "AALST"),
)
