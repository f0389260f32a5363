using System.Globalization;
using System.Text;
using System.Xml;

namespace Sommelier.Evals.Reports;

/// <summary>A run as JUnit XML, as build servers read it: a test suite for each model, a test for each case and repeat, and one for each gate.</summary>
internal static class ReportJUnit
{
    /// <summary>Writes the document.</summary>
    public static void Write(TextWriter output, RunReport report)
    {
        // The writer below would name the encoding of a text in memory.
        output.Write("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
        using var xml = XmlWriter.Create(output, new XmlWriterSettings { Indent = true, NewLineChars = "\n", OmitXmlDeclaration = true });
        xml.WriteStartElement("testsuites");
        xml.WriteAttributeString("name", $"eval {report.Manifest.Id}");
        var suites = report.Manifest.Suites.ToDictionary(static suite => suite.Hash, static suite => suite.Id, StringComparer.Ordinal);
        foreach (var group in report.InOrder().GroupBy(static pair => pair.Result.Key.Model, StringComparer.Ordinal))
        {
            var results = group.ToList();
            Begin(xml, group.Key, results.Count, results.Count(static pair => pair.Result is { Score: not null, Passed: false }), results.Count(static pair => pair.Result.Score is null), results.Sum(static pair => pair.Result.Answer?.Latency?.TotalSeconds ?? 0));
            foreach (var (facts, result) in results)
            {
                xml.WriteStartElement("testcase");
                xml.WriteAttributeString("classname", $"{suites[facts.Suite]}.{group.Key}");
                xml.WriteAttributeString("name", facts.Repeats > 1 ? string.Create(CultureInfo.InvariantCulture, $"{facts.Case} #{result.Key.Repeat + 1}") : facts.Case);
                xml.WriteAttributeString("time", Seconds(result.Answer?.Latency?.TotalSeconds ?? 0));
                if (result.Score is null)
                {
                    Element(xml, "error", ReportText.Failures(result), "");
                }
                else if (!result.Passed)
                {
                    Element(xml, "failure", ReportText.Failures(result), ReportText.Answer(result.Answer!));
                }

                xml.WriteEndElement();
            }

            xml.WriteEndElement();
        }

        Gates(xml, report);
        xml.WriteEndElement();
    }

    private static void Gates(XmlWriter xml, RunReport report)
    {
        var gates = report.Comparisons.Where(static one => one.Gate is not null).ToList();
        if (gates.Count == 0)
        {
            return;
        }

        Begin(xml, "gate", gates.Count, gates.Count(static one => one.Gate!.Verdict == Statistics.Planning.Verdict.Fail), 0, 0);
        foreach (var comparison in gates)
        {
            xml.WriteStartElement("testcase");
            xml.WriteAttributeString("classname", "gate");
            xml.WriteAttributeString("name", $"{comparison.Model} against {comparison.Baseline}");
            switch (comparison.Gate!.Verdict)
            {
                case Statistics.Planning.Verdict.Fail:
                    Element(xml, "failure", ReportWords.Comparison(comparison), "");
                    break;
                case Statistics.Planning.Verdict.Inconclusive:
                    Element(xml, "skipped", ReportWords.Comparison(comparison), "");
                    break;
            }

            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static void Begin(XmlWriter xml, string name, int tests, int failures, int errors, double seconds)
    {
        xml.WriteStartElement("testsuite");
        xml.WriteAttributeString("name", name);
        xml.WriteAttributeString("tests", tests.ToString(CultureInfo.InvariantCulture));
        xml.WriteAttributeString("failures", failures.ToString(CultureInfo.InvariantCulture));
        xml.WriteAttributeString("errors", errors.ToString(CultureInfo.InvariantCulture));
        xml.WriteAttributeString("time", Seconds(seconds));
    }

    private static void Element(XmlWriter xml, string name, string message, string text)
    {
        xml.WriteStartElement(name);
        xml.WriteAttributeString("message", Clean(message));
        xml.WriteString(Clean(text));
        xml.WriteEndElement();
    }

    private static string Seconds(double seconds) => seconds.ToString("0.###", CultureInfo.InvariantCulture);

    // Answers hold any letter; XML does not.
    private static string Clean(string text)
    {
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                result.Append(text[i]).Append(text[++i]);
            }
            else
            {
                result.Append(XmlConvert.IsXmlChar(text[i]) ? text[i] : '\uFFFD');
            }
        }

        return result.ToString();
    }
}
