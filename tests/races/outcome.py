"""What a campaign found."""

from dataclasses import dataclass, field

from ledger import verification


@dataclass
class Outcome:
    """Findings are faults, in words; facts are figures. Without findings the campaign passed."""

    findings: list[str] = field(default_factory=list)
    facts: dict[str, float | int | str] = field(default_factory=dict)

    def expect(self, holds: bool, finding: str) -> None:
        if not holds:
            self.findings.append(finding)

    def expect_good_ledger(self) -> None:
        report = verification.verify()
        self.findings += [f"ledger: {each.text}" for each in report.problems]
        self.facts["ledger_entries"] = report.count
