using System.Collections;
using System.Collections.Immutable;
using System.Reflection;
using TrafficDispatch.Model;

namespace TrafficDispatch.State.Tests;

/// <summary>
/// No field of a world is left out of what is stored: whichever field of whichever row is another, the stored rows are others too. A field
/// that the model gains fails here until it is stored.
/// </summary>
public sealed class EveryFieldTests
{
    public static TheoryData<string> Lists =>
        [.. typeof(WorldFacts).GetProperties().Where(static p => IsList(p.PropertyType)).Select(static p => p.Name)];

    [Theory]
    [MemberData(nameof(Lists))]
    public void AreSame_AnyFieldOfARowDiffers_IsFalse(string list)
    {
        using TestWorld files = TestWorld.Full();
        World full = files.Build();
        PropertyInfo property = typeof(WorldFacts).GetProperty(list)!;
        object[] rows = [.. ((IEnumerable)property.GetValue(full.Facts)!).Cast<object>()];
        Assert.NotEmpty(rows);
        Assert.True(WorldComparison.AreSame(full, With(full, property, rows)));
        foreach (PropertyInfo field in Fields(rows[0].GetType()))
        {
            object[] changed = [Changed(rows[0], field), .. rows[1..]];
            Assert.False(WorldComparison.AreSame(full, With(full, property, changed)), $"{list}: {field.Name} is not stored");
        }
        Assert.False(WorldComparison.AreSame(full, With(full, property, rows[1..])));
    }

    private static bool IsList(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>);

    private static IEnumerable<PropertyInfo> Fields(Type type) => type.GetProperties().Where(static p => p.CanWrite && p.GetIndexParameters().Length == 0);

    private static World With(World world, PropertyInfo list, object[] rows)
    {
        Type row = list.PropertyType.GetGenericArguments()[0];
        WorldFacts copy = world.Facts with { };
        list.SetValue(copy, ListOf(row, rows));
        return Raw(copy);
    }

    /// <summary>A world around facts without its indexes, which would refuse doubled or dangling ids.</summary>
    private static World Raw(WorldFacts facts)
    {
        World world = (World)System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(typeof(World));
        typeof(World).GetField($"<{nameof(World.Facts)}>k__BackingField", BindingFlags.NonPublic | BindingFlags.Instance)!.SetValue(world, facts);
        return world;
    }

    private static object Changed(object row, PropertyInfo field)
    {
        // A record's copy: boxed for structs, cloned for classes.
        object copy = row.GetType().IsValueType
            ? System.Runtime.CompilerServices.RuntimeHelpers.GetObjectValue(row)
            : row.GetType().GetMethod("<Clone>$")!.Invoke(row, null)!;
        field.SetValue(copy, Other(field.GetValue(row), field.PropertyType));
        return copy;
    }

    /// <summary>A value of the type that is another.</summary>
    private static object? Other(object? value, Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner) return value is null ? Other(Activator.CreateInstance(inner), inner) : null;
        switch (value)
        {
            case null: return "other";
            case string text: return text + "x";
            case bool flag: return !flag;
            case int number: return number + 1;
            case double number: return number + 0.0625;
            case UInt128 bits: return bits ^ ((UInt128)1 << 20);
            case DateTimeOffset time: return time.AddDays(-400);
            case Enum choice: return Enum.ToObject(type, Convert.ToInt32(choice, System.Globalization.CultureInfo.InvariantCulture) == 0 ? 1 : 0);
            default: break;
        }
        if (IsList(type))
        {
            Type item = type.GetGenericArguments()[0];
            object[] items = [.. ((IEnumerable)value).Cast<object>()];
            object more = items.Length > 0 ? Other(items[0], item)! : item == typeof(string) ? "more" : Activator.CreateInstance(item, ArgumentsOf(item))!;
            return ListOf(item, [.. items, more]);
        }
        PropertyInfo part = Fields(type).First();
        return Changed(value, part);
    }

    private static object?[] ArgumentsOf(Type type) =>
        type.IsValueType ? [] : [.. type.GetConstructors()[0].GetParameters().Select(static p => p.ParameterType.IsValueType ? Activator.CreateInstance(p.ParameterType) : null)];

    private static object ListOf(Type item, object[] items)
    {
        Array array = Array.CreateInstance(item, items.Length);
        Array.Copy(items, array, items.Length);
        return typeof(System.Runtime.InteropServices.ImmutableCollectionsMarshal).GetMethod("AsImmutableArray")!.MakeGenericMethod(item).Invoke(null, [array])!;
    }
}
