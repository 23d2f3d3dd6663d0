//! A Rust source cut into what the compiler reads and what people read: the smallest lexer that the rules need.

/// One file, with three copies of its text in which everything else is blank, so that all offsets and lines agree.
pub(super) struct Source {
    pub(super) path: String,
    pub(super) text: String,
    /// Without comments, strings and characters.
    pub(super) code: String,
    /// Only the comments.
    pub(super) comments: String,
    /// `code` without what only `cargo test` compiles.
    pub(super) live: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Code,
    Comment,
    Literal,
}

impl Source {
    pub(super) fn new(path: String, text: String) -> Self {
        let (mut code, mut comments) = (String::new(), String::new());
        let mut rest = text.as_str();
        while !rest.is_empty() {
            let (kind, length) = token(rest);
            let (token, after) = rest.split_at(length);
            let blank = blank(token);
            code.push_str(if kind == Kind::Code { token } else { &blank });
            comments.push_str(if kind == Kind::Comment { token } else { &blank });
            rest = after;
        }
        let live = without_tests(&code);
        Self { path, text, code, comments, live }
    }

    /// The line, from 1, of a byte offset.
    pub(super) fn line(&self, offset: usize) -> usize {
        self.text[..offset].matches('\n').count() + 1
    }

    /// Whether the whole file is a test, an example or a bench.
    pub(super) fn is_test(&self) -> bool {
        self.path.split('/').any(|part| matches!(part, "tests" | "examples" | "benches" | "tests.rs"))
    }
}

/// Spaces for bytes; line ends stay.
fn blank(text: &str) -> String {
    text.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect()
}

/// The kind and length in bytes of the token at the start of `rest`, which is not empty.
fn token(rest: &str) -> (Kind, usize) {
    if rest.starts_with("//") {
        return (Kind::Comment, rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return (Kind::Comment, block_comment(rest));
    }
    if rest.starts_with('"') {
        return (Kind::Literal, quoted(rest, '"'));
    }
    if rest.starts_with('\'') {
        return tick(rest);
    }
    let word = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
    if matches!(&rest[..word], "r" | "br" | "cr")
        && let Some(length) = raw_string(&rest[word..])
    {
        return (Kind::Literal, word + length);
    }
    (Kind::Code, if word > 0 { word } else { rest.chars().next().map_or(1, char::len_utf8) })
}

/// `/* … */`, which nests.
fn block_comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < rest.len() {
        let here = &rest.as_bytes()[at..];
        let step = match here {
            [b'/', b'*', ..] => 1,
            [b'*', b'/', ..] => -1,
            _ => 0,
        };
        depth += step;
        at += if step == 0 { 1 } else { 2 };
        if depth == 0 {
            return at;
        }
    }
    rest.len()
}

/// A literal between two `quote`s, with escapes.
fn quoted(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// A character, or the tick that begins a lifetime or a label.
fn tick(rest: &str) -> (Kind, usize) {
    let mut chars = rest.chars().skip(1);
    let (first, second) = (chars.next(), chars.next());
    if first == Some('\\') || second == Some('\'') {
        return (Kind::Literal, quoted(rest, '\''));
    }
    (Kind::Code, 1)
}

/// `"…"` or `#"…"#` after the `r`; `None` for a raw identifier.
fn raw_string(rest: &str) -> Option<usize> {
    let hashes = rest.find(|c| c != '#')?;
    if !rest[hashes..].starts_with('"') {
        return None;
    }
    let open = hashes + 1;
    let close = format!("\"{}", &rest[..hashes]);
    Some(rest[open..].find(&close).map_or(rest.len(), |at| open + at + close.len()))
}

/// Blanks each item under `#[cfg(test)]` or `#[cfg(all(test, …))]`.
fn without_tests(code: &str) -> String {
    let mut live = code.to_owned();
    for attribute in ["#[cfg(test)]", "#[cfg(all(test,"] {
        while let Some(start) = live.find(attribute) {
            let after = live[start..].find(']').map_or(live.len(), |at| start + at + 1);
            let end = item(&live[after..]).map_or(live.len(), |item| after + item.end);
            live.replace_range(start..end, &blank(&live[start..end]));
        }
    }
    live
}

/// The body in braces of the item that `code` begins with; an empty range where the item ends without one.
pub(super) fn item(code: &str) -> Option<std::ops::Range<usize>> {
    let mut depth = 0_i32;
    let mut open = None;
    for (at, byte) in code.bytes().enumerate() {
        match byte {
            b'{' if depth == 0 && open.is_none() => open = Some(at),
            b';' if depth == 0 && open.is_none() => return Some(at + 1..at + 1),
            _ => {}
        }
        depth += i32::from(matches!(byte, b'(' | b'[' | b'{')) - i32::from(matches!(byte, b')' | b']' | b'}'));
        match (open, byte, depth) {
            (Some(open), b'}', 0) => return Some(open..at + 1),
            // What is around the item ends, and the item with it: a field, say.
            (_, _, ..0) => return Some(at..at),
            _ => {}
        }
    }
    None
}

/// The words of `code`, identifiers and keywords and numbers, each with its offset.
pub(super) fn words(code: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        at += code[at..].find(is_word)?;
        let start = at;
        at += code[at..].find(|c| !is_word(c)).unwrap_or(code.len() - at);
        Some((start, &code[start..at]))
    })
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, code: &str) {
        let source = Source::new("a.rs".to_owned(), text.to_owned());
        assert_eq!(source.code.len(), text.len(), "offsets must agree");
        let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(squeezed(&source.code), code);
    }

    #[test]
    fn comments_are_not_code() {
        check("a // b\nc", "a c");
        check("a /* b /* c */ d */ e", "a e");
        check("/// 'a doc with a tick\nx", "x");
    }

    #[test]
    fn strings_are_not_code() {
        check(r#"a "b \" // c" d"#, "a d");
        check(r##"a r#"b " c"# d"##, "a d");
        check(r#"a r"\" b"#, "a b");
        check("a b\"c\" d", "a b d");
        check("f(r#type, \"{\")", "f(r#type, )");
        check("\"η = ½\" + eta", "+ eta");
    }

    #[test]
    fn a_tick_is_a_character_or_a_lifetime() {
        check("a '\"' b", "a b");
        check(r"a '\'' b", "a b");
        check(r"a '\u{1F600}' b", "a b");
        check("a '½' b", "a b");
        check("fn f<'a>(x: &'a str) {}", "fn f<'a>(x: &'a str) {}");
        check("'outer: loop { '{' }", "'outer: loop { }");
    }

    #[test]
    fn comments_keep_their_lines() {
        let source = Source::new("a.rs".to_owned(), "a\n// é\nb".to_owned());
        assert_eq!(source.comments, " \n// é\n ");
        assert_eq!(source.line(source.code.find('b').unwrap()), 3);
    }

    #[test]
    fn test_modules_are_not_live() {
        let text = "fn a() {}\n#[cfg(test)]\nmod b { fn c() { c[1]; } }\n#[cfg(all(test, unix))]\nmod e;\nfn d() {}";
        let source = Source::new("a.rs".to_owned(), text.to_owned());
        assert_eq!(words(&source.live).map(|(_, word)| word).collect::<Vec<_>>(), ["fn", "a", "fn", "d"]);
    }

    #[test]
    fn an_item_ends_with_its_braces_or_its_semicolon() {
        let body = |code: &'static str| item(code).map(|body| code.split_at(body.end).0.split_at(body.start).1);
        assert_eq!(body("f(x: [f64; 2]) -> u8 { g { } } h { }"), Some("{ g { } }"));
        assert_eq!(body("f(x: [f64; 2]) -> u8; g { }"), Some(""));
        assert_eq!(body("f: f64 } struct B { }"), Some(""));
        assert_eq!(body("f() {"), None);
    }
}
