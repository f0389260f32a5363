using System.Numerics;

namespace Sommelier.Judging.Mathematics;

/// <summary>Whether two final answers mean the same.</summary>
/// <remarks>
/// Fractions are compared exactly, everything else by its value at nine points, the same in every run: expressions that agree there are
/// taken for equal. Sets and solutions are compared in any order, pairs and intervals in theirs.
/// </remarks>
/// <param name="Tolerance">How far a number may be off.</param>
/// <param name="RelativeTolerance">How far a number may be off, as a share of the wanted one.</param>
internal sealed record MathComparison(double Tolerance = 0, double RelativeTolerance = 0)
{
    private const int Points = 9;
    private const int FewestPoints = 3;

    // What doubles lose on the way.
    private const double Rounding = 1e-9;

    /// <summary>Whether two answers, in LaTeX or plain, mean the same.</summary>
    public bool Same(string wanted, string found)
    {
        if (wanted.Length > MathText.MostLetters || found.Length > MathText.MostLetters)
        {
            return string.Equals(wanted, found, StringComparison.Ordinal);
        }

        var (left, right) = (MathText.Normalize(wanted), MathText.Normalize(found));
        if (left.Length == 0 || right.Length == 0)
        {
            return left.Length == right.Length;
        }

        if (string.Equals(left, right, StringComparison.Ordinal))
        {
            return true;
        }

        if (MathParser.Parse(left) is not { } one || MathParser.Parse(right) is not { } other)
        {
            return SameWords(left, right);
        }

        return one is MathWord || other is MathWord ? SameWords(left, right) : Same(Expanded(one), Expanded(other));
    }

    private static bool SameWords(string left, string right) => string.Equals(MathText.Words(left), MathText.Words(right), StringComparison.Ordinal);

    private bool Same(MathNode wanted, MathNode found)
    {
        var (left, right) = (Right(wanted), Right(found));
        if (left is not null && right is not null)
        {
            return SameLeft(wanted, found) ? Same(left, right) : Relations((MathGroup)wanted, (MathGroup)found);
        }

        // x = 5 and x ∈ [0, 1] say what 5 and [0, 1] say.
        if ((left ?? right) is not null && !(IsRelation(wanted) && IsRelation(found)))
        {
            return Same(left ?? wanted, right ?? found);
        }

        return (wanted, found) switch
        {
            (MathGroup one, MathGroup two) => one.Kind == two.Kind && Groups(one, two),
            (MathGroup { Kind: MathGroupKind.Unordered, Items: [var only] }, _) => Same(only, found),
            (_, MathGroup { Kind: MathGroupKind.Unordered, Items: [var only] }) => Same(wanted, only),
            (MathGroup, _) or (_, MathGroup) => false,
            (MathWord one, MathWord two) => SameWords(one.Text, two.Text),
            _ => Values(wanted, found),
        };
    }

    private static bool IsRelation(MathNode node) => node is MathGroup { Kind: MathGroupKind.Relation };

    private bool Groups(MathGroup wanted, MathGroup found) => wanted.Kind switch
    {
        MathGroupKind.Relation => Relations(wanted, found),
        MathGroupKind.Ordered or MathGroupKind.Matrix => string.Equals(wanted.Brackets, found.Brackets, StringComparison.Ordinal) && wanted.Items.Count == found.Items.Count && wanted.Items.Zip(found.Items, Same).All(static same => same),
        _ => wanted.Items.Count == found.Items.Count && Pairing.FirstAlone(wanted.Items.Count, found.Items.Count, (i, j) => Same(wanted.Items[i], found.Items[j])) is null,
    };

    // An equation is the same when the difference of its sides is a multiple of the other's.
    private bool Relations(MathGroup wanted, MathGroup found)
    {
        if (wanted.Brackets is "=" && found.Brackets is "=")
        {
            return Multiples(Difference(wanted), Difference(found));
        }

        var turned = Turned(found);
        return wanted.Items.Count == found.Items.Count && (Sides(found) || Sides(turned));

        bool Sides(MathGroup other) => string.Equals(wanted.Brackets, other.Brackets, StringComparison.Ordinal) && wanted.Items.Zip(other.Items, Same).All(static same => same);
    }

    private static MathCall Difference(MathGroup equation) => new("-", [equation.Items[0], equation.Items[1]]);

    // 5 > x for x < 5.
    private static MathGroup Turned(MathGroup relation) => relation with
    {
        Items = [.. relation.Items.Reverse()],
        Brackets = string.Concat(relation.Brackets.Reverse().Select(static sign => sign switch { '<' => '>', '>' => '<', '≤' => '≥', '≥' => '≤', _ => sign })),
    };

    private static bool Multiples(MathNode wanted, MathNode found)
    {
        Complex? factor = null;
        var seen = 0;
        for (var point = 0; point < Points; point++)
        {
            var (left, right) = (MathValue.At(wanted, point), MathValue.At(found, point));
            if (!Complex.IsFinite(left) || !Complex.IsFinite(right))
            {
                continue;
            }

            var (noLeft, noRight) = (Complex.Abs(left) < Rounding, Complex.Abs(right) < Rounding);
            if (noLeft || noRight)
            {
                if (noLeft != noRight)
                {
                    return false;
                }

                continue;
            }

            factor ??= left / right;
            if (Complex.Abs(left / right - factor.Value) > Rounding * Complex.Abs(factor.Value))
            {
                return false;
            }

            seen++;
        }

        return seen >= FewestPoints;
    }

    private bool Values(MathNode wanted, MathNode found)
    {
        if (MathValue.Exact(wanted) is { } left && MathValue.Exact(found) is { } right)
        {
            return left == right || Near(left.Value, right.Value, 0);
        }

        var points = MathValue.Varies(wanted) || MathValue.Varies(found) ? Points : 1;
        var seen = 0;
        for (var point = 0; point < points; point++)
        {
            var (one, other) = (MathValue.At(wanted, point), MathValue.At(found, point));
            if (Complex.IsFinite(one) != Complex.IsFinite(other) || (Complex.IsFinite(one) && !Near(one, other, Rounding)))
            {
                return false;
            }

            seen += Complex.IsFinite(one) ? 1 : 0;
        }

        return seen >= Math.Min(points, FewestPoints);
    }

    private bool Near(Complex wanted, Complex found, double rounding) =>
        Complex.Abs(wanted - found) is var off && (off <= Tolerance || off <= RelativeTolerance * Complex.Abs(wanted) || off <= rounding * Math.Max(Complex.Abs(wanted), Complex.Abs(found))) && (rounding > 0 || Tolerance > 0 || RelativeTolerance > 0);

    // What a lone variable is said to be.
    private static MathNode? Right(MathNode node) => node switch
    {
        MathGroup { Kind: MathGroupKind.Relation, Brackets: "=" or "∈", Items: [MathVariable, var value] } => value,
        MathGroup { Kind: MathGroupKind.Relation, Brackets: "=", Items: [MathCall { Name: "*", Arguments: [MathVariable { Name: "f" or "g" or "h" or "p" or "q" or "P" }, MathVariable] }, var value] } => value,
        _ => null,
    };

    private static bool SameLeft(MathNode wanted, MathNode found) =>
        ((MathGroup)wanted).Items[0] is MathVariable left && ((MathGroup)found).Items[0] is MathVariable right && string.Equals(left.Name, right.Name, StringComparison.Ordinal) && !MathValue.Varies(((MathGroup)wanted).Items[1]);

    // Each ± as two values of the list or set that it stands in.
    private static MathNode Expanded(MathNode node)
    {
        if (node is MathGroup { Kind: MathGroupKind.Unordered } set)
        {
            return set with { Items = [.. set.Items.SelectMany(Both)] };
        }

        return node is MathGroup { Kind: not MathGroupKind.Relation } group ? group.With([.. group.Items.Select(Expanded)])
            : HasBoth(node) ? new MathGroup(MathGroupKind.Unordered, [.. Both(node)])
            : node;
    }

    private static IEnumerable<MathNode> Both(MathNode node)
    {
        if (node is MathGroup { Kind: MathGroupKind.Relation, Items: [MathVariable, var value] } && HasBoth(value))
        {
            node = value;
        }

        return HasBoth(node) ? [Signed(node, "+", "-"), Signed(node, "-", "+")] : [Expanded(node)];
    }

    private static bool HasBoth(MathNode node) => node is MathCall { Name: MathCall.PlusMinus or MathCall.MinusPlus } || node.Parts.Any(HasBoth);

    private static MathNode Signed(MathNode node, string plusMinus, string minusPlus)
    {
        MathNode[] parts = [.. node.Parts.Select(part => Signed(part, plusMinus, minusPlus))];
        return node switch
        {
            MathCall { Name: MathCall.PlusMinus } => new MathCall(plusMinus, parts),
            MathCall { Name: MathCall.MinusPlus } => new MathCall(minusPlus, parts),
            _ => node.With(parts),
        };
    }
}
