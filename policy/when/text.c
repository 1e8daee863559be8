#include "policy/when/places.h"

#include "policy/base/buf.h"

#define COLUMNS_MAX 16
#define TABLES_MAX 64

/* The first row of a table, where it only has names. */
struct table_head {
	unsigned table, row;
	bool names;
	unsigned n;
	struct str cells[COLUMNS_MAX];
};

struct writer {
	struct arena *arena;
	struct buf buf;
	struct buf original;  /* the same, octet for octet, in the letters as they are written */
	struct table_head heads[TABLES_MAX];
	size_t n_heads;
	struct str drawn;     /* the names of a table that is drawn with "|" */
	bool open;            /* something is written */
	unsigned table, row, column; /* of the line being written; 0: none */
};

static bool has_digit(struct str text)
{
	for (size_t i = 0; i < text.n; i++) {
		if (ascii_is_digit(text.p[i]))
			return true;
	}
	return false;
}

static bool is_ascii(struct str text)
{
	for (size_t i = 0; i < text.n; i++) {
		if ((unsigned char)text.p[i] >= 0x80)
			return false;
	}
	return true;
}

static void add_sign(struct writer *writer, char sign)
{
	buf_add_char(&writer->buf, sign);
	buf_add_char(&writer->original, sign);
}

/* What folding made longer or shorter is kept as folded. */
static void add_pair(struct writer *writer, struct str folded, struct str original)
{
	buf_add(&writer->buf, folded);
	buf_add(&writer->original, folded.n == original.n ? original : folded);
}

/* A line as text_fold would make it: what is ASCII needs no more than lower case. */
static void add_line(struct writer *writer, struct str line)
{
	line = str_trim(line);
	if (!is_ascii(line)) {
		add_pair(writer, text_fold(writer->arena, line).bare, line);
		return;
	}
	for (size_t i = 0; i < line.n; i++) {
		char c = line.p[i] >= 0 && line.p[i] < ' ' ? ' ' : line.p[i];

		buf_add_char(&writer->buf, ascii_lower(c));
		buf_add_char(&writer->original, c);
	}
}

static size_t count_cells(struct str line)
{
	size_t n = 1;

	for (size_t i = 0; i < line.n; i++)
		n += line.p[i] == '|';
	return n;
}

/* "Start | End" over "12 June | 13 June", drawn in a text: the names are told with the times. */
static void add_drawn_row(struct writer *writer, struct str head, struct str line)
{
	struct str name, cell;
	bool first = true;

	while (str_next_split(&line, '|', &cell)) {
		if (!first)
			add_sign(writer, SIGN_CELL);
		first = false;
		if (str_next_split(&head, '|', &name) && has_digit(cell)) {
			add_line(writer, name);
			add_pair(writer, STR_LIT(": "), STR_LIT(": "));
		}
		add_line(writer, cell);
	}
}

/* text_fold makes spaces of line breaks; here they count. */
static void add_block(struct writer *writer, const struct block *block)
{
	struct str rest = block->text, line;
	bool first = true;

	if (str_find_char(rest, '\n', 0) == STR_NPOS && str_find_char(rest, '|', 0) == STR_NPOS) {
		writer->drawn = STR_NONE;
		add_pair(writer, block->folded.bare, block->text);
		return;
	}
	while (str_next_line(&rest, &line)) {
		if (!first)
			add_sign(writer, SIGN_LINE);
		first = false;
		if (writer->drawn.n > 0 && has_digit(line) && count_cells(line) == count_cells(writer->drawn)) {
			add_drawn_row(writer, writer->drawn, line);
			continue;
		}
		if (!has_digit(line))
			writer->drawn = count_cells(line) > 1 ? line : STR_NONE;
		add_line(writer, line);
	}
}

static struct table_head *head_of(struct writer *writer, unsigned table)
{
	for (size_t i = writer->n_heads; i-- > 0;) {
		if (writer->heads[i].table == table)
			return &writer->heads[i];
	}
	return NULL;
}

/* Notes a cell of a first row, or writes the name of the column before a cell below it. */
static void table_cell(struct writer *writer, const struct block *block)
{
	struct table_head *head = head_of(writer, block->table);

	if (head == NULL) {
		if (writer->n_heads == TABLES_MAX)
			return;
		head = &writer->heads[writer->n_heads++];
		*head = (struct table_head){ .table = block->table, .row = block->row, .names = true };
	}
	if (head->row == block->row) {
		head->names = head->names && !has_digit(block->text) && block->text.n < 60;
		head->n++;
		if (block->column < COLUMNS_MAX)
			head->cells[block->column] = block->folded.bare;
		return;
	}
	if (!head->names || head->n < 2 || block->column >= COLUMNS_MAX ||
	    head->cells[block->column].n == 0)
		return;
	add_pair(writer, head->cells[block->column], head->cells[block->column]);
	add_pair(writer, STR_LIT(": "), STR_LIT(": "));
}

static void write_block(struct writer *writer, const struct block *block)
{
	bool cell = (block->flags & BLOCK_CELL) != 0 && block->table > 0;
	bool same_row = cell && writer->table == block->table && writer->row == block->row &&
			writer->column != block->column;
	bool same_cell = cell && writer->table == block->table && writer->row == block->row &&
			 !same_row;

	if (block->text.n == 0)
		return;
	if (writer->open)
		add_sign(writer, same_row                              ? SIGN_CELL
				 : (block->flags & BLOCK_HEADING) != 0 ? SIGN_HEADING
				 : cell && !same_cell && writer->table == block->table
					 ? SIGN_LINE
					 : SIGN_BLOCK);
	writer->open = true;
	writer->table = cell ? block->table : 0;
	writer->row = cell ? block->row : 0;
	writer->column = block->column;
	if (cell && !same_cell)
		table_cell(writer, block);
	add_block(writer, block);
}

struct cased_text text_of_document(struct arena *arena, const struct document *document,
				   unsigned wanted, unsigned excluded)
{
	struct writer *writer = ARENA_NEW(arena, struct writer);

	writer->arena = arena;
	buf_init(&writer->buf, arena, TEXT_MAX);
	buf_init(&writer->original, arena, TEXT_MAX);
	for (size_t i = 0; i < document->n_blocks; i++) {
		const struct block *block = &document->blocks[i];

		if ((block->flags & excluded) == 0 && (wanted == 0 || (block->flags & wanted) != 0))
			write_block(writer, block);
	}
	return (struct cased_text){ buf_str(&writer->buf), buf_str(&writer->original) };
}
