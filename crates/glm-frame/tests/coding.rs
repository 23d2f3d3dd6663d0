//! Contrasts: the columns of `model.matrix` of R 4.2 by name, the matrices, and levels.

use glm_frame::{Column, Contrasts, Error, Factor, FittedDesign, Formula, Frame, MISSING, Missing, Options};

fn factor(texts: &[&str], levels: &[&str]) -> Factor {
    let place = |text: &&str| levels.iter().position(|level| level == text);
    let code = |text: &&str| place(text).map_or(MISSING, |place| u32::try_from(place).expect("few"));
    let levels = levels.iter().map(|level| (*level).to_owned()).collect();
    Factor { codes: texts.iter().map(code).collect(), levels, ordered: false, contrasts: None }
}

/// `data.frame(y, a = gl(2, 6, labels = c("p", "q")), b = gl(3, 2, 12, labels = c("u", "v", "w")), c = gl(2, 1, 12), x, z)`.
fn frame() -> Frame {
    let gl = |levels: &[&str], each: usize| {
        let texts: Vec<&str> = (0..12).map(|i| levels[i / each % levels.len()]).collect();
        Column::Categories(factor(&texts, levels))
    };
    let numbers = |f: fn(f64) -> f64| Column::Numbers((1..=12).map(|i| f(f64::from(i))).collect());
    Frame::new(vec![
        ("y".into(), numbers(|i| i + 0.5)),
        ("a".into(), gl(&["p", "q"], 6)),
        ("b".into(), gl(&["u", "v", "w"], 2)),
        ("c".into(), gl(&["1", "2"], 1)),
        ("x".into(), numbers(|i| i * i.sqrt())),
        ("z".into(), numbers(f64::sin)),
        ("k".into(), numbers(|i| (i % 3.0) * 0.5)),
    ])
    .expect("a frame")
}

fn learnt(text: &str, frame: &Frame) -> Result<(FittedDesign, Vec<f64>), Error> {
    let (fitted, columns) = FittedDesign::learn(&Formula::parse(text)?, frame, &Options::default())?;
    let design = columns.design()?;
    let mut x = vec![0.0; design.n_rows() * design.n_cols()];
    design.dense(0..design.n_rows(), &mut x);
    drop(design);
    Ok((fitted, x))
}

// Over budget: a table of formulas.
/// `colnames(model.matrix(f, d))`.
#[test]
fn columns_have_the_names_of_r() {
    let frame = frame();
    for (text, expected) in [
        ("~ a:b", "(Intercept) ap:bu aq:bu ap:bv aq:bv ap:bw aq:bw"),
        ("~ a:b - 1", "ap:bu aq:bu ap:bv aq:bv ap:bw aq:bw"),
        ("~ a + b - 1", "ap aq bv bw"),
        ("~ x:a", "(Intercept) x:ap x:aq"),
        ("~ x:a - 1", "x:ap x:aq"),
        ("~ x + x:a", "(Intercept) x x:aq"),
        ("~ x + a:b - 1", "x ap:bu aq:bu ap:bv aq:bv ap:bw aq:bw"),
        ("~ a:b + a:c", "(Intercept) ap:bu aq:bu ap:bv aq:bv ap:bw aq:bw ap:c2 aq:c2"),
        ("~ a:c + b:c", "(Intercept) ap:c1 aq:c1 ap:c2 aq:c2 c1:bv c2:bv c1:bw c2:bw"),
        ("~ a + a:b", "(Intercept) aq ap:bv aq:bv ap:bw aq:bw"),
        ("~ b:a + a", "(Intercept) aq bv:ap bw:ap bv:aq bw:aq"),
        ("~ 0 + x + a:x", "x x:ap x:aq"),
        ("~ 0 + x:a + b", "bu bv bw x:ap x:aq"),
        ("~ a:x:b", "(Intercept) ap:x:bu aq:x:bu ap:x:bv aq:x:bv ap:x:bw aq:x:bw"),
        ("~ x:z", "(Intercept) x:z"),
        ("~ I(x > 10)", "(Intercept) I(x>10)TRUE"),
        ("~ I(x > 10) - 1", "I(x>10)FALSE I(x>10)TRUE"),
        ("~ a:poly(x, 2)", "(Intercept) ap:poly(x,2)1 aq:poly(x,2)1 ap:poly(x,2)2 aq:poly(x,2)2"),
        ("~ poly(x, 2):a", "(Intercept) poly(x,2)1:ap poly(x,2)2:ap poly(x,2)1:aq poly(x,2)2:aq"),
        (
            "~ poly(x, 2) + poly(x, 2):a - 1",
            "poly(x,2)1 poly(x,2)2 poly(x,2)1:ap poly(x,2)2:ap poly(x,2)1:aq poly(x,2)2:aq",
        ),
        ("~ poly(x, 1)", "(Intercept) poly(x,1)"),
        ("~ scale(x)", "(Intercept) scale(x)"),
        ("~ cbind(x, z = z^2, x + 1)", "(Intercept) cbind(x,z=z^2,x+1)x cbind(x,z=z^2,x+1)z cbind(x,z=z^2,x+1)"),
        ("~ log(cbind(x, y))", "(Intercept) log(cbind(x,y))x log(cbind(x,y))y"),
        ("~ C(a, sum)", "(Intercept) C(a,sum)1"),
        ("~ C(b, treatment)", "(Intercept) C(b,treatment)v C(b,treatment)w"),
        ("~ C(b, contr.treatment)", "(Intercept) C(b,contr.treatment)2 C(b,contr.treatment)3"),
        ("~ C(b, \"contr.treatment\")", "(Intercept) C(b,\"contr.treatment\")v C(b,\"contr.treatment\")w"),
        ("~ C(b, treatment, base = 2)", "(Intercept) C(b,treatment,base=2)1 C(b,treatment,base=2)3"),
        ("~ C(b, base = 2)", "(Intercept) C(b,base=2)1 C(b,base=2)3"),
        ("~ C(b, treatment, 1)", "(Intercept) C(b,treatment,1)2"),
        ("~ 0 + C(b, treatment, base = 2)", "C(b,treatment,base=2)u C(b,treatment,base=2)v C(b,treatment,base=2)w"),
        ("~ as.factor(as.integer(b))", "(Intercept) as.factor(as.integer(b))2 as.factor(as.integer(b))3"),
        ("~ as.ordered(b)", "(Intercept) as.ordered(b).L as.ordered(b).Q"),
        ("~ C(b, poly, 1)", "(Intercept) C(b,poly,1).L"),
        ("~ ordered(b)", "(Intercept) ordered(b).L ordered(b).Q"),
        ("~ C(ordered(b), helmert)", "(Intercept) C(ordered(b),helmert)1 C(ordered(b),helmert)2"),
        ("~ factor(k)", "(Intercept) factor(k)0.5 factor(k)1"),
        (
            "~ factor(k, levels = c(1, 0.5, 0))",
            "(Intercept) factor(k,levels=c(1,0.5,0))0.5 factor(k,levels=c(1,0.5,0))0",
        ),
        ("~ relevel(b, ref = \"w\")", "(Intercept) relevel(b,ref=\"w\")u relevel(b,ref=\"w\")v"),
        ("~ factor(b):x - 1", "factor(b)u:x factor(b)v:x factor(b)w:x"),
        ("~ 1", "(Intercept)"),
    ] {
        let (fitted, x) = learnt(text, &frame).unwrap_or_else(|error| panic!("{error}"));
        let names: Vec<String> = fitted.names().iter().map(|name| name.replace(' ', "")).collect();
        assert_eq!(names.join(" "), expected, "{text}");
        assert_eq!((x.len(), fitted.assign().len()), (12 * names.len(), names.len()), "{text}");
    }
}

/// Each column of an interaction is the product of the columns that its name says.
#[test]
fn interactions_are_products() {
    let frame = frame();
    for text in [
        "~ a*x*b",
        "~ a:x:b - 1",
        "~ poly(x, 2):a:b",
        "~ a:poly(x, 2):b",
        "~ a:b:poly(z, 2)",
        "~ C(b, sum):bs(x, df = 4):z",
        "~ z:x:C(b, helmert):a",
        "~ bs(x, df = 4):poly(z, 2) + x:z",
        "~ z:bs(x, df = 3):a",
    ] {
        let (fitted, x) = learnt(text, &frame).unwrap_or_else(|error| panic!("{error}"));
        for (name, column) in fitted.names().iter().zip(x.chunks_exact(12)) {
            let mut product = vec![1.0; 12];
            for part in name.split(':').filter(|part| *part != "(Intercept)") {
                let own = part_column(part, &frame);
                product.iter_mut().zip(own).for_each(|(product, own)| *product *= own);
            }
            let far = column.iter().zip(&product).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            assert!(far < 1e-12, "{text}: {name}: {column:?} and not {product:?}");
        }
    }
}

/// A column of a main effect by its name: from the effect alone, with contrasts or with all levels.
fn part_column(part: &str, frame: &Frame) -> Vec<f64> {
    let variables = [
        "a",
        "b",
        "x",
        "z",
        "poly(x, 2)",
        "poly(z, 2)",
        "bs(x, df = 3)",
        "bs(x, df = 4)",
        "C(b, sum)",
        "C(b, helmert)",
    ];
    for text in variables.iter().flat_map(|variable| [format!("~ {variable}"), format!("~ 0 + {variable}")]) {
        let (fitted, x) = learnt(&text, frame).expect("a main effect");
        if let Some(place) = fitted.names().iter().position(|name| name == part) {
            return x[place * 12..][..12].to_vec();
        }
    }
    panic!("no column {part}")
}

/// `contr.sum(4)`, `contr.helmert(4)`, `contr.treatment(4, 3)`, `contr.poly(5)`.
#[test]
fn matrices_are_those_of_r() {
    let levels = ["1", "2", "3", "4", "5"];
    let rows = |n: usize| Frame::new(vec![("f".into(), Column::Categories(factor(&levels[..n], &levels[..n])))]);
    let check = |n: usize, contrasts: &str, expected: &[f64]| {
        let (_, x) = learnt(&format!("~ C(f, {contrasts})"), &rows(n).expect("a frame")).expect("a design");
        let far = x[n..].iter().zip(expected).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        assert_eq!(x.len() - n, expected.len(), "{contrasts}");
        assert!(far < 1e-15, "{contrasts}: {:?}", &x[n..]);
    };
    check(4, "sum", &[1.0, 0.0, 0.0, -1.0, 0.0, 1.0, 0.0, -1.0, 0.0, 0.0, 1.0, -1.0]);
    check(4, "helmert", &[-1.0, 1.0, 0.0, 0.0, -1.0, -1.0, 2.0, 0.0, -1.0, -1.0, -1.0, 3.0]);
    check(4, "treatment, base = 3", &[1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0]);
    let (a, b, c, d, e) = (0.1_f64.sqrt(), 1.0 / 14_f64.sqrt(), 0.1_f64.sqrt(), 1.0 / 70_f64.sqrt(), 0.0);
    check(
        5,
        "poly",
        &[
            -2.0 * a,
            -a,
            e,
            a,
            2.0 * a,
            2.0 * b,
            -b,
            -2.0 * b,
            -b,
            2.0 * b,
            -c,
            2.0 * c,
            e,
            -2.0 * c,
            c,
            d,
            -4.0 * d,
            6.0 * d,
            -4.0 * d,
            d,
        ],
    );
}

/// R's `glm` drops levels that no complete row has; the table's own contrasts stay.
#[test]
fn levels_without_rows_are_dropped() {
    let mut category = factor(&["u", "v", "w", "u", "v", "w"], &["t", "u", "v", "w"]);
    category.contrasts = Some(Contrasts::Sum);
    let y = Column::Numbers(vec![1.0, 2.0, f64::NAN, 3.0, 4.0, f64::NAN]);
    let frame = Frame::new(vec![("y".into(), y), ("f".into(), Column::Categories(category))]).expect("a frame");
    let options = Options { missing: Missing::Omit, ..Options::default() };
    let formula = Formula::parse("y ~ f").expect("a formula");
    let (fitted, columns) = FittedDesign::learn(&formula, &frame, &options).expect("a design");
    assert_eq!((fitted.names(), columns.omitted()), (&["(Intercept)".to_owned(), "f1".to_owned()][..], &[2, 5][..]));
    let levels = fitted.inputs().into_iter().find(|input| input.name == "f").and_then(|input| input.levels);
    assert_eq!(levels, Some(vec!["u".to_owned(), "v".to_owned()]));
    let mut row = [0.0; 2];
    columns.design().expect("a design").dense(1..2, &mut row);
    assert_eq!(row.map(f64::to_bits), [1.0, -1.0].map(f64::to_bits));
}

/// The table of `reference/model_matrices.txt`.
fn frame_of_24() -> Frame {
    let gl = |names: &[&str], place: fn(usize) -> usize, ordered: bool| {
        let texts: Vec<&str> = (1..=24).map(|i| names[place(i) % names.len()]).collect();
        Column::Categories(Factor { ordered, ..factor(&texts, names) })
    };
    let numbers = |f: fn(u32) -> f64| Column::Numbers((1..=24).map(f).collect());
    Frame::new(vec![
        ("x".into(), numbers(|i| f64::from(i * 7 % 25 + 1).powf(1.5))),
        ("z".into(), numbers(|i| (f64::from(i * 11 % 29) - 14.0) / 3.0)),
        ("k".into(), numbers(|i| f64::from(i % 3) * 0.5)),
        ("a".into(), gl(&["p", "q"], |i| i, false)),
        ("b".into(), gl(&["u", "v", "w"], |i| i, false)),
        ("o".into(), gl(&["lo", "mid", "hi", "top"], |i| i * i + i / 3, true)),
    ])
    .expect("a frame")
}

/// Random formulas of all operators, with contrasts and bases: names, order and values of columns.
#[test]
fn model_matrices_are_those_of_r() {
    let frame = frame_of_24();
    let mut of_formula: Vec<(String, Vec<f64>)> = Vec::new();
    let mut formulas = 0;
    for line in include_str!("reference/model_matrices.txt").lines().filter(|line| !line.starts_with('#')) {
        if line.starts_with("~ ") {
            assert!(of_formula.is_empty(), "columns that R does not have before {line}: {of_formula:?}");
            let text = line.split('|').next().expect("a formula");
            let (fitted, x) = learnt(text, &frame).unwrap_or_else(|error| panic!("{error}"));
            of_formula = fitted.names().iter().cloned().zip(x.chunks_exact(24).map(<[f64]>::to_vec)).rev().collect();
            formulas += 1;
            continue;
        }
        let (name, column) = of_formula.pop().unwrap_or_else(|| panic!("no column for {line}"));
        let mut fields = line.rsplitn(3, ';');
        let mut number = || fields.next().and_then(|text| text.parse::<f64>().ok()).expect("a number");
        let (moment, sum) = (number(), number());
        assert_eq!(fields.next(), Some(name.as_str()));
        let size: f64 = column.iter().map(|x| x.abs()).sum();
        let ours: f64 = column.iter().sum();
        let our_moment: f64 = (1..).zip(&column).map(|(i, x)| f64::from(i) * x).sum();
        assert!(
            (ours - sum).abs() <= 1e-9 * size && (our_moment - moment).abs() <= 24e-9 * size,
            "{line}: {ours}, {our_moment}"
        );
    }
    assert!(of_formula.is_empty() && formulas > 90, "{formulas} formulas");
}
