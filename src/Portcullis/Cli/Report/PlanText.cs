using System;
using System.Globalization;
using System.Text;
using Portcullis.Cli.Table;
using Portcullis.Core.Model;

namespace Portcullis.Cli.Report;

/// <summary>Shows a person what is to be done, and what that would change.</summary>
internal static class PlanText
{
    private const string Indent = "   ";

    /// <summary>The whole text.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="terminal">How it may look.</param>
    /// <param name="isVerbose">Whether each step's script is shown.</param>
    internal static string Render(Plan plan, Terminal terminal, bool isVerbose)
    {
        StringBuilder text = new();
        text.Append(Paint.With(PlainText.Of(Headline(plan)), Style.Strong, terminal)).Append('\n');
        foreach (PlanStep step in plan.Steps)
        {
            text.Append('\n');
            Wrap.WriteTo(text, string.Create(CultureInfo.InvariantCulture, $"{step.Id}  {PlainText.Of(step.Subject)}: {PlainText.Of(step.Effect)}."), terminal.Width, Indent);
            Wrap.WriteTo(text, $"{Indent}Why: {(step.Why.IsEmpty ? "the policy wants it" : string.Join(", ", step.Why) + " (portcullis explain tells of each)")}.", terminal.Width, Indent + "  ");
            Wrap.WriteTo(text, $"{Indent}Undo: {PlainText.Of(step.Undo)}.", terminal.Width, Indent + "  ");
            Wrap.WriteTo(text, $"{Indent}Risk: {Word(step.Risk)}.", terminal.Width, Indent + "  ");
            if (isVerbose)
            {
                text.Append('\n').Append("Handed to nft, word for word:\n\n").Append(step.Script.Replace("\t", "    ", StringComparison.Ordinal)).Append('\n');
            }
        }

        if (!plan.Steps.IsEmpty)
        {
            text.Append('\n').Append(ReachDifferenceText.Render(plan.Difference with { Gaps = [] }, terminal));
        }

        GapList.WriteTo(text, plan.Gaps, terminal);
        if (plan.Refused is string refused)
        {
            StringBuilder wrapped = new();
            Wrap.WriteTo(wrapped, $"\nNOT TO BE CARRIED OUT: {PlainText.Of(refused)}.", terminal.Width, "");
            text.Append(Paint.With(wrapped.ToString().TrimEnd('\n'), Style.Alarming, terminal)).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>The word of the contract.</summary>
    internal static string Word(StepKind kind) => kind switch
    {
        StepKind.Firewall => "firewall",
    };

    /// <summary>The word of the contract.</summary>
    internal static string Word(StepRisk risk) => risk switch
    {
        StepRisk.Low => "low",
        StepRisk.Medium => "medium",
        StepRisk.High => "high",
    };

    private static string Headline(Plan plan) => plan.Steps.IsEmpty
        ? $"By {plan.Policy} nothing is left to be done{(plan.Complete ? "" : ", as far as could be seen")}."
        : string.Create(CultureInfo.InvariantCulture, $"Plan {plan.Id} by {plan.Policy}: {plan.Steps.Length} step{(plan.Steps.Length == 1 ? "" : "s")}.");
}
