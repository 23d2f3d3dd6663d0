//! `factor`, `ordered`, `relevel` and `C`: categories that a formula makes.

use std::collections::BTreeSet;

use super::{Learner, Learnt};
use crate::category::Category;
use crate::{Argument, Column, Contrasts, Error, Expr, Kind};

impl Learner<'_> {
    /// The category that an expression is, if it is one.
    pub(super) fn category(&self, expr: &Expr) -> Result<Option<Category>, Error> {
        if let Some((name, Column::Categories(_))) = self.column(expr) {
            return Category::of_column(expr.to_string(), name, self.frame).map(Some);
        }
        let Kind::Call { function, arguments } = &expr.kind else { return Ok(None) };
        let category = match function.as_str() {
            "factor" | "as.factor" => self.factor(expr, arguments, None)?,
            "ordered" | "as.ordered" => self.factor(expr, arguments, Some(true))?,
            "relevel" => self.relevelled(expr, arguments)?,
            "C" => self.contrasted(expr, arguments)?,
            _ => return Ok(None),
        };
        Ok(Some(category.labelled(expr.to_string())))
    }

    /// The category of any expression: its distinct values, if it is none by itself.
    fn as_category(&self, expr: &Expr) -> Result<Category, Error> {
        if let Some(category) = self.category(expr)? {
            return Ok(category);
        }
        if let Some((name, _)) = self.column(expr) {
            return Category::of_column(expr.to_string(), name, self.frame);
        }
        let Learnt { node, names, logical } = self.expression(expr)?;
        Category::of_node(expr.to_string(), self.single(expr, node, &names)?, logical, self.frame)
    }

    fn factor(&self, call: &Expr, given: &[Argument], ordered: Option<bool>) -> Result<Category, Error> {
        let arguments = self.arguments(call, given, &["x", "levels", "ordered"])?;
        let mut category = self.as_category(self.first(call, &arguments)?)?;
        if let Some(levels) = arguments[1] {
            let texts = self.texts(levels)?;
            let mut distinct = BTreeSet::new();
            if let Some(twice) = texts.iter().find(|text| !distinct.insert(*text)) {
                let message = format!("the level `{twice}` is listed twice");
                return Err(self.fault(levels, message, "list each once").into());
            }
            category = category.with_levels(texts);
        }
        let asked = arguments[2].map(|ordered| self.logical(ordered)).transpose()?;
        let ordered = asked.or(ordered).unwrap_or(category.ordered);
        Ok(category.with_order(ordered))
    }

    fn relevelled(&self, call: &Expr, given: &[Argument]) -> Result<Category, Error> {
        let arguments = self.arguments(call, given, &["x", "ref"])?;
        let category = self.as_category(self.first(call, &arguments)?)?;
        let Some(first) = arguments[1] else {
            return Err(self.fault(call, "`ref` is missing", "write relevel(x, ref = \"level\")").into());
        };
        let (place, ordered) = (self.level(first, &category)?, category.ordered);
        Ok(category.relevelled(place).with_order(ordered))
    }

    fn contrasted(&self, call: &Expr, given: &[Argument]) -> Result<Category, Error> {
        let arguments = self.arguments(call, given, &["object", "contr", "how.many", "base"])?;
        let category = self.as_category(self.first(call, &arguments)?)?;
        let default = if category.ordered { Contrasts::Poly } else { Contrasts::Treatment };
        let contrasts = arguments[1].map_or(Ok(default), |name| self.contrasts(name))?;
        let base = match arguments[3] {
            Some(base) if contrasts != Contrasts::Treatment => {
                let message = "only treatment contrasts have a base";
                return Err(self.fault(base, message, "leave it out, or choose treatment").into());
            }
            Some(base) => self.level(base, &category)?,
            None => 0,
        };
        let most = category.levels.len().saturating_sub(1).max(1);
        let columns = arguments[2].map(|columns| self.whole(columns, 1, most)).transpose()?;
        // R calls columns by the numbers of levels where it makes the matrix before it sees the levels.
        let function =
            matches!(arguments[1].map(|name| &name.kind), Some(Kind::Name(name)) if name.starts_with("contr."));
        let numbered = function || arguments[2].is_some() || arguments[3].is_some();
        Ok(category.with_contrasts(contrasts, base, columns, numbered))
    }

    fn contrasts(&self, name: &Expr) -> Result<Contrasts, Error> {
        let known = match &name.kind {
            Kind::Name(name) | Kind::Text(name) => name.strip_prefix("contr.").unwrap_or(name),
            _ => "",
        };
        match known {
            "treatment" => Ok(Contrasts::Treatment),
            "sum" => Ok(Contrasts::Sum),
            "helmert" => Ok(Contrasts::Helmert),
            "poly" => Ok(Contrasts::Poly),
            _ => {
                let message = format!("`{name}` are no contrasts");
                Err(self.fault(name, message, "choose treatment, sum, helmert or poly").into())
            }
        }
    }

    /// The place of a level that is given by its number from one, or by its name.
    fn level(&self, expr: &Expr, category: &Category) -> Result<usize, Error> {
        let Kind::Text(name) = &expr.kind else {
            return Ok(self.whole(expr, 1, category.levels.len())? - 1);
        };
        let place = category.levels.iter().position(|level| level == name);
        Ok(place.ok_or_else(|| {
            let advice = match crate::nearest::nearest(name, category.levels.iter().map(String::as_str)) {
                Some(near) => format!("is it `{near}`?"),
                None => {
                    format!("levels are {}", category.levels.iter().take(8).cloned().collect::<Vec<_>>().join(", "))
                }
            };
            self.fault(expr, format!("`{name}` is no level of `{}`", category.label), advice)
        })?)
    }
}
