//! Names of people and companies. All invented.

const FIRST: [&str; 40] = [
    "Anna", "Mikkel", "Sofie", "Emil", "Freja", "Oliver", "Ida", "Noah", "Laura", "Malik", "Signe",
    "Jonas", "Amina", "Viktor", "Clara", "Tobias", "Zahra", "Magnus", "Josefine", "Rasmus", "Liva",
    "Elias", "Maja", "Oskar", "Nora", "Felix", "Yasmin", "Anton", "Ella", "Storm", "Alma",
    "Hassan", "Karla", "Villads", "Ronja", "Bertil", "Selma", "Tarek", "Vilma", "August",
];
const MIDDLE: [&str; 40] = [
    "Toft", "Rask", "Lund", "Krog", "Holm", "Dahl", "Brink", "Vester", "Skov", "Noor", "Aagaard",
    "Hede", "Yusuf", "Bay", "Mose", "Lindø", "Amini", "Kær", "Elm", "Ørum", "Strand", "Bjerg",
    "Fjord", "Høj", "Vang", "Eng", "Birk", "Dam", "Ager", "Grove", "Kvist", "Ravn", "Falk",
    "Hjort", "Bæk", "Sten", "Odde", "Marsk", "Klit", "Sund",
];
const LAST: [&str; 41] = [
    "Abild",
    "Boisen",
    "Corfitz",
    "Degn",
    "Ebbesen",
    "Foged",
    "Gram",
    "Holst",
    "Iversholt",
    "Juul",
    "Kjeldal",
    "Lauge",
    "Munk",
    "Nygaard",
    "Overby",
    "Port",
    "Quist",
    "Refn",
    "Steensgaard",
    "Thorup",
    "Udby",
    "Vestrup",
    "Wium",
    "Ydesen",
    "Zacho",
    "Ærø",
    "Østrup",
    "Ålund",
    "Bruun",
    "Clemmen",
    "Drost",
    "Esbech",
    "Friis",
    "Gade",
    "Hvid",
    "Ibsgaard",
    "Just",
    "Korup",
    "Lyng",
    "Milling",
    "Nørlund",
];
const TRADES: [&str; 10] = [
    "Bageri",
    "Byggeri",
    "Pleje",
    "Værksted",
    "Lager",
    "Gartneri",
    "Grafisk",
    "Køkken",
    "Børnehave",
    "Butik",
];

fn at<'a>(list: &[&'a str], place: usize) -> &'a str {
    list.get(place % list.len()).copied().unwrap_or_default()
}

/// A person's name; each number has its own, up to 65,600.
pub fn person(number: usize) -> String {
    let (first, rest) = (number % 40, number / 40);
    format!(
        "{} {} {}",
        at(&FIRST, first),
        at(&MIDDLE, rest),
        at(&LAST, rest / 40)
    )
}

/// Somebody of the staff of a town: nobody else has such a name.
pub fn staff(town: usize, place: usize) -> String {
    format!(
        "{}-{}",
        person(town * 7 + place),
        at(&MIDDLE, town + place * 11)
    )
}

/// A company's trade.
pub fn trade(place: usize) -> &'static str {
    at(&TRADES, place)
}

/// A company's name.
pub fn company(town: usize, place: usize) -> String {
    format!(
        "{} {} {}",
        at(&MIDDLE, town + place),
        trade(place),
        town + 1
    )
}
