//! Completions and manual pages, made from the arguments themselves.

use std::fs;
use std::io;
use std::path::Path;

use clap::CommandFactory;
use clap_complete::Shell;
use glm_model::AtomicFile;

use crate::args::Cli;

/// What a shell needs to complete our arguments.
pub(crate) fn completions(shell: Shell) -> Vec<u8> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "glm", &mut text);
    text
}

/// Writes `glm.1` and a page for each command that is not hidden.
pub(crate) fn write_manual(directory: &Path) -> io::Result<()> {
    fs::create_dir_all(directory)?;
    let mut glm = Cli::command();
    glm.build();
    page(glm.clone(), "glm", directory)?;
    for command in glm.get_subcommands().filter(|command| !command.is_hide_set() && command.get_name() != "help") {
        let name = format!("glm-{}", command.get_name());
        page(command.clone(), &name, directory)?;
    }
    Ok(())
}

fn page(command: clap::Command, name: &str, directory: &Path) -> io::Result<()> {
    let mut file = AtomicFile::create(&directory.join(format!("{name}.1")))?;
    clap_mangen::Man::new(command).render(&mut file)?;
    file.commit()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn completions_know_the_options() {
        for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
            let text = String::from_utf8(completions(shell)).unwrap();
            assert!(text.contains("bias-reduction") && text.contains("predict"), "{shell}");
        }
    }

    #[test]
    fn each_command_has_a_manual_page() {
        let directory = tempfile::tempdir().unwrap();
        write_manual(directory.path()).unwrap();
        let mut names: Vec<_> = fs::read_dir(&directory).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["glm-compare.1", "glm-completions.1", "glm-fit.1", "glm-predict.1", "glm.1"]);
        let fit = fs::read_to_string(directory.path().join("glm-fit.1")).unwrap();
        assert!(fit.contains("Families:") && fit.contains("bias"), "{fit}");
    }
}
