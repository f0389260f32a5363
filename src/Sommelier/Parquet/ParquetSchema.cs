namespace Sommelier.Parquet;

/// <summary>A field of a file's rows: a value, or a group of fields.</summary>
internal sealed class ParquetNode
{
    /// <summary>Its name.</summary>
    public string Name { get; set; } = "";

    /// <summary>How its values are stored; null for a group.</summary>
    public PhysicalType? Type { get; set; }

    /// <summary>How many bytes a value of fixed length has.</summary>
    public int Length { get; set; }

    /// <summary>How often it occurs.</summary>
    public Repetition Repetition { get; set; }

    /// <summary>What its values mean.</summary>
    public Meaning Meaning { get; set; }

    /// <summary>Decimal places of a decimal.</summary>
    public int Scale { get; set; }

    /// <summary>The fields of a group.</summary>
    public List<ParquetNode> Children { get; } = [];

    /// <summary>The definition level at which it is there.</summary>
    public int Definition { get; set; }

    /// <summary>The repetition level at which it occurs again.</summary>
    public int Repeated { get; set; }

    /// <summary>The place of its first value among a row's columns.</summary>
    public int FirstLeaf { get; set; }

    /// <summary>How many columns it has.</summary>
    public int Leaves { get; set; }
}

/// <summary>Reads the description of a file's rows.</summary>
internal static class ParquetSchema
{
    private const int DeepestNesting = 32;

    /// <summary>The root of a schema, a group; <paramref name="leaves"/> are its columns in order.</summary>
    public static ParquetNode Read(ref ThriftReader reader, out List<ParquetNode> leaves)
    {
        var elements = new List<(ParquetNode Node, int Children)>();
        for (var left = reader.List(out _); left > 0; left--)
        {
            elements.Add(Element(ref reader));
        }

        if (elements.Count == 0)
        {
            throw ParquetException.Damaged("it has no schema");
        }

        leaves = [];
        var at = 0;
        var root = Build(elements, ref at, leaves, definition: 0, repeated: 0, depth: 0);
        return at == elements.Count && root.Type is null ? root : throw ParquetException.Damaged("its schema is no tree");
    }

    private static ParquetNode Build(List<(ParquetNode Node, int Children)> elements, ref int at, List<ParquetNode> leaves, int definition, int repeated, int depth)
    {
        if (at >= elements.Count || depth > DeepestNesting)
        {
            throw ParquetException.Damaged("its schema is no tree");
        }

        var (node, children) = elements[at++];
        if (depth > 0)
        {
            definition += node.Repetition == Repetition.Required ? 0 : 1;
            repeated += node.Repetition == Repetition.Repeated ? 1 : 0;
        }

        (node.Definition, node.Repeated, node.FirstLeaf) = (definition, repeated, leaves.Count);
        if (node.Type is not null)
        {
            leaves.Add(node);
        }

        for (; children > 0; children--)
        {
            node.Children.Add(Build(elements, ref at, leaves, definition, repeated, depth + 1));
        }

        node.Leaves = leaves.Count - node.FirstLeaf;
        return node.Leaves > 0 || depth == 0 ? node : throw new ParquetException($"The group '{node.Name}' has no fields, which is not read. Leave the column out.");
    }

    private static (ParquetNode Node, int Children) Element(ref ThriftReader reader)
    {
        var node = new ParquetNode();
        var children = 0;
        var logical = Meaning.Plain;
        for (var id = 0; reader.Field(ref id, out var type);)
        {
            switch (id)
            {
                case 1:
                    node.Type = reader.Int32() is var stored and >= 0 and <= 7 ? (PhysicalType)stored : throw ParquetException.Damaged("a type is none");
                    break;
                case 2:
                    node.Length = reader.Int32();
                    break;
                case 3:
                    node.Repetition = reader.Int32() is var often and >= 0 and <= 2 ? (Repetition)often : throw ParquetException.Damaged("a repetition is none");
                    break;
                case 4:
                    node.Name = reader.Text();
                    break;
                case 5:
                    children = reader.Int32();
                    break;
                case 6:
                    node.Meaning = Converted(reader.Int32());
                    break;
                case 7:
                    node.Scale = reader.Int32();
                    break;
                case 10:
                    logical = Logical(ref reader, node);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        node.Meaning = logical == Meaning.Plain ? node.Meaning : logical;
        if (node.Type is null != children > 0 || children < 0 || node.Scale is < 0 or > 255 || (node.Type == PhysicalType.FixedLengthByteArray && node.Length <= 0))
        {
            // A root without columns has neither.
            return node.Type is null && children == 0 ? (node, 0) : throw ParquetException.Damaged($"the field '{node.Name}' is no field");
        }

        return (node, children);
    }

    // The older way to say what values mean.
    private static Meaning Converted(int type) => type switch
    {
        0 or 4 => Meaning.Text,
        1 or 2 => Meaning.Map,
        3 => Meaning.List,
        5 => Meaning.Decimal,
        6 => Meaning.Date,
        7 => Meaning.TimeMillis,
        8 => Meaning.TimeMicros,
        9 => Meaning.TimestampMillis,
        10 => Meaning.TimestampMicros,
        >= 11 and <= 14 => Meaning.Unsigned,
        19 => Meaning.Json,
        _ => Meaning.Plain,
    };

    private static Meaning Logical(ref ThriftReader reader, ParquetNode node)
    {
        var meaning = Meaning.Plain;
        for (var id = 0; reader.Field(ref id, out var type);)
        {
            switch (id)
            {
                case 5:
                    meaning = Meaning.Decimal;
                    for (var member = 0; reader.Field(ref member, out var of);)
                    {
                        if (member == 1)
                        {
                            node.Scale = reader.Int32();
                        }
                        else
                        {
                            reader.Skip(of);
                        }
                    }

                    break;
                case 7:
                    meaning = Meaning.TimeMillis + Unit(ref reader);
                    break;
                case 8:
                    meaning = Meaning.TimestampMillis + Unit(ref reader);
                    break;
                case 10:
                    for (var member = 0; reader.Field(ref member, out var of);)
                    {
                        meaning = member == 2 && of != ThriftReader.True ? Meaning.Unsigned : meaning;
                        reader.Skip(of);
                    }

                    break;
                default:
                    reader.Skip(type);
                    meaning = id switch
                    {
                        1 or 4 => Meaning.Text,
                        2 => Meaning.Map,
                        3 => Meaning.List,
                        6 => Meaning.Date,
                        12 => Meaning.Json,
                        14 => Meaning.Uuid,
                        15 => Meaning.Float16,
                        _ => meaning,
                    };
                    break;
            }
        }

        return meaning;
    }

    // 0 milliseconds, 1 microseconds, 2 nanoseconds.
    private static int Unit(ref ThriftReader reader)
    {
        var unit = 0;
        for (var id = 0; reader.Field(ref id, out var type);)
        {
            if (id != 2)
            {
                reader.Skip(type);
                continue;
            }

            for (var which = 0; reader.Field(ref which, out var empty);)
            {
                unit = Math.Clamp(which - 1, 0, 2);
                reader.Skip(empty);
            }
        }

        return unit;
    }
}
