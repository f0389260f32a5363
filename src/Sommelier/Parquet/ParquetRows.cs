using System.Text.Json;

namespace Sommelier.Parquet;

/// <summary>Puts rows together out of their columns and writes each as a JSON object.</summary>
/// <remarks>
/// By the levels of every entry, as Dremel does: research.google/pubs/dremel-interactive-analysis-of-web-scale-datasets. Lists and maps are
/// read as github.com/apache/parquet-format/blob/master/LogicalTypes.md has them, also in their older forms.
/// </remarks>
internal sealed class ParquetRows(ParquetNode root, ColumnCursor[] columns)
{
    /// <summary>Whether there is another row.</summary>
    public bool Any => columns.Length > 0 && columns[0].Peek();

    /// <summary>Writes the next row.</summary>
    public void Write(Utf8JsonWriter json) => WriteGroup(json, root);

    private void WriteGroup(Utf8JsonWriter json, ParquetNode group)
    {
        json.WriteStartObject();
        foreach (var child in group.Children)
        {
            json.WritePropertyName(child.Name);
            WriteField(json, child);
        }

        json.WriteEndObject();
    }

    private void WriteField(Utf8JsonWriter json, ParquetNode node)
    {
        if (node.Repetition == Repetition.Repeated)
        {
            // A list without a group around it.
            WriteList(json, node, node);
        }
        else if (!IsThere(node))
        {
            Pass(node);
            json.WriteNullValue();
        }
        else if (node.Type is not null)
        {
            ParquetValue.Write(json, node, columns[node.FirstLeaf].Take());
        }
        else if (node is { Meaning: Meaning.List, Children: [{ Repetition: Repetition.Repeated } items] })
        {
            var wrapped = items is { Type: null, Children.Count: 1 } && items.Name is not "array" && !string.Equals(items.Name, node.Name + "_tuple", StringComparison.Ordinal);
            WriteList(json, items, wrapped ? items.Children[0] : items);
        }
        else if (node is { Meaning: Meaning.Map, Children: [{ Repetition: Repetition.Repeated, Children: [{ Type: not null, Repetition: not Repetition.Repeated } key, ..] } pairs] })
        {
            WriteMap(json, pairs, key);
        }
        else
        {
            WriteGroup(json, node);
        }
    }

    private void WriteList(Utf8JsonWriter json, ParquetNode repeated, ParquetNode item)
    {
        json.WriteStartArray();
        foreach (var _ in Times(repeated))
        {
            if (!ReferenceEquals(item, repeated))
            {
                WriteField(json, item);
            }
            else if (item.Type is null)
            {
                WriteGroup(json, item);
            }
            else
            {
                ParquetValue.Write(json, item, columns[item.FirstLeaf].Take());
            }
        }

        json.WriteEndArray();
    }

    private void WriteMap(Utf8JsonWriter json, ParquetNode pairs, ParquetNode key)
    {
        json.WriteStartObject();
        foreach (var _ in Times(pairs))
        {
            json.WritePropertyName(ParquetValue.Text(key, columns[key.FirstLeaf].Take()));
            if (pairs.Children.Count > 1)
            {
                WriteField(json, pairs.Children[1]);
                pairs.Children.Skip(2).ToList().ForEach(Pass);
            }
            else
            {
                json.WriteNullValue();
            }
        }

        json.WriteEndObject();
    }

    // Once per item: all columns below agree on how many there are.
    private IEnumerable<int> Times(ParquetNode repeated)
    {
        if (!IsThere(repeated))
        {
            Pass(repeated);
            yield break;
        }

        var count = 0;
        do
        {
            yield return count++;
        }
        while (columns[repeated.FirstLeaf] is var first && first.Peek() && first.Repetition == repeated.Repeated);
    }

    private bool IsThere(ParquetNode node) => columns[node.FirstLeaf].Peek()
        ? columns[node.FirstLeaf].Definition >= node.Definition
        : throw ParquetException.Damaged($"the column '{node.Name}' has fewer values than its rows");

    // Where it is missing each column below has one entry that says so.
    private void Pass(ParquetNode node)
    {
        for (var leaf = node.FirstLeaf; leaf < node.FirstLeaf + node.Leaves; leaf++)
        {
            columns[leaf].Take();
        }
    }
}
