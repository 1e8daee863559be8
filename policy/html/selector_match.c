#include "policy/html/sheet.h"

static bool has_word(struct str list, struct str word, bool nocase)
{
	size_t at = 0;

	if (word.n == 0)
		return false;
	while (at < list.n) {
		struct str here;
		size_t end = at;

		while (end < list.n && !ascii_is_space(list.p[end]))
			end++;
		here = (struct str){ list.p + at, end - at };
		if (nocase ? str_eq_nocase(here, word) : str_eq(here, word))
			return true;
		at = end + 1;
	}
	return false;
}

static bool attribute_matches(const struct simple *simple, const struct html_node *node)
{
	struct str value = STR_NONE, head, tail;

	for (size_t i = 0; i < node->n_attrs && value.p == NULL; i++)
		if (str_eq(node->attrs[i].name, simple->name))
			value = node->attrs[i].value;
	if (value.p == NULL)
		return false;
	head = str_head(value, simple->value.n);
	tail = value.n > simple->value.n ? str_skip(value, value.n - simple->value.n) : value;
	switch (simple->operator) {
	case '\0':
		return true;
	case '=':
		return simple->nocase ? str_eq_nocase(value, simple->value) :
					str_eq(value, simple->value);
	case '~':
		return has_word(value, simple->value, simple->nocase);
	case '|':
		return str_eq(head, simple->value) &&
		       (value.n == head.n || value.p[head.n] == '-');
	case '^':
		return simple->value.n > 0 && (simple->nocase ? str_eq_nocase(head, simple->value) :
								str_eq(head, simple->value));
	case '$':
		return simple->value.n > 0 && (simple->nocase ? str_eq_nocase(tail, simple->value) :
								str_eq(tail, simple->value));
	default:
		return simple->value.n > 0 &&
		       (simple->nocase ? str_find_nocase(value, simple->value, 0) :
					 str_find(value, simple->value, 0)) != STR_NPOS;
	}
}

static bool nth_holds(const struct simple *simple, int position)
{
	int steps = position - simple->b;

	if (simple->a == 0)
		return steps == 0;
	return steps % simple->a == 0 && steps / simple->a >= 0;
}

/* The position among the siblings, from 1, from either end, of all or of those of its name. */
static int position(struct sheet *sheet, const struct html_node *node, bool last, bool type)
{
	const struct html_node *other = last ? node->next : node->prev;
	int at = 1;

	if (!last && !type)
		return (int)node->index;
	for (; other != NULL; other = last ? other->next : other->prev) {
		sheet->work++;
		if (!other->is_text && (!type || str_eq(other->name, node->name)))
			at++;
	}
	return at;
}

static bool is_blank_node(const struct html_node *node)
{
	return node->first == NULL;
}

static bool inner_matches(struct sheet *sheet, const struct selector_list *list,
			  const struct html_node *node)
{
	for (size_t i = 0; i < list->n; i++)
		if (selector_matches(sheet, &list->items[i], node))
			return true;
	return false;
}

/* The position from 1 among the siblings that the list matches, or 0 where it is none of them. */
static int position_of(struct sheet *sheet, const struct html_node *node, bool last,
		       const struct selector_list *list)
{
	int at = 1;

	if (!inner_matches(sheet, list, node))
		return 0;
	for (const struct html_node *other = last ? node->next : node->prev;
	     other != NULL && sheet->work <= SHEET_WORK_MAX;
	     other = last ? other->next : other->prev) {
		sheet->work += 3;
		if (!other->is_text && inner_matches(sheet, list, other))
			at++;
	}
	return at;
}

static int child_position(struct sheet *sheet, const struct html_node *node,
			  const struct simple *simple)
{
	bool last = simple->kind == SIMPLE_NTH_LAST_CHILD;

	return simple->inner != NULL ? position_of(sheet, node, last, simple->inner) :
				       position(sheet, node, last, false);
}

/* :has(): of what is in the element, or after it, as the combinator says. What stands further
 * left in a selector may be outside the element. */
static bool has_matches(struct sheet *sheet, const struct simple *simple,
			const struct html_node *node)
{
	bool inside = simple->operator == ' ' || simple->operator == '>';
	struct html_node *other = inside ? node->first : node->next;

	while (other != NULL && sheet->work <= SHEET_WORK_MAX) {
		sheet->work += 8;
		if (!other->is_text && inner_matches(sheet, simple->inner, other))
			return true;
		if (!other->is_text && simple->operator == '+')
			return false;
		other = simple->operator == ' ' ? html_after(node, other, false) : other->next;
	}
	return false;
}

static bool simple_matches(struct sheet *sheet, const struct simple *simple,
			   const struct html_node *node)
{
	switch (simple->kind) {
	case SIMPLE_TAG:
		return str_eq(node->name, simple->name);
	case SIMPLE_ID:
		return str_eq(node->id, simple->name);
	case SIMPLE_CLASS:
		sheet->work += node->classes.n / 8;
		return has_word(node->classes, simple->name, false);
	case SIMPLE_ATTRIBUTE:
		sheet->work += 2 + node->n_attrs / 2;
		return attribute_matches(simple, node);
	case SIMPLE_NTH_CHILD:
	case SIMPLE_NTH_LAST_CHILD:
		return nth_holds(simple, child_position(sheet, node, simple));
	case SIMPLE_NTH_OF_TYPE:
		return nth_holds(simple, position(sheet, node, false, true));
	case SIMPLE_NTH_LAST_OF_TYPE:
		return nth_holds(simple, position(sheet, node, true, true));
	case SIMPLE_EMPTY:
		return is_blank_node(node);
	case SIMPLE_ROOT:
		return node->parent == NULL;
	case SIMPLE_LINK:
		return node->tag == TAG_A && html_attr(node, "href").p != NULL;
	case SIMPLE_NOT:
		return !inner_matches(sheet, simple->inner, node);
	case SIMPLE_IS:
		return inner_matches(sheet, simple->inner, node);
	case SIMPLE_HAS:
		return has_matches(sheet, simple, node);
	case SIMPLE_NEVER:
		break;
	}
	return false;
}

static bool compound_matches(struct sheet *sheet, const struct compound *compound,
			     const struct html_node *node)
{
	sheet->work++;
	for (size_t i = 0; i < compound->n; i++)
		if (!simple_matches(sheet, &compound->items[i], node))
			return false;
	return true;
}

static const struct html_node *previous_element(struct sheet *sheet, const struct html_node *node)
{
	do {
		node = node->prev;
		sheet->work++;
	} while (node != NULL && node->is_text);
	return node;
}

/* From right to left. A descendant or a later sibling that fails further left is looked for
 * again from the last such combinator: back and back_node say where. */
bool selector_matches(struct sheet *sheet, const struct selector *selector,
		      const struct html_node *node)
{
	size_t at = selector->n - 1, back = 0;
	const struct html_node *back_node = NULL;

	if (!compound_matches(sheet, &selector->compounds[at], node))
		return false;
	while (at > 0) {
		char combinator = selector->compounds[at].combinator;
		const struct html_node *next;

		if (sheet->work > SHEET_WORK_MAX)
			return false;
		next = combinator == '>' || combinator == ' ' ? node->parent :
								   previous_element(sheet, node);
		if (next != NULL && (combinator == ' ' || combinator == '~')) {
			back = at;
			back_node = next;
		}
		if (next != NULL && compound_matches(sheet, &selector->compounds[at - 1], next)) {
			node = next;
			at--;
			continue;
		}
		if (next != NULL && (combinator == ' ' || combinator == '~')) {
			node = next; /* one further up, or further left */
			continue;
		}
		if (back_node == NULL)
			return false;
		at = back;
		node = back_node;
		back_node = NULL;
	}
	return true;
}
